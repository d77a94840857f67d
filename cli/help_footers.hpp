// SPDX-License-Identifier: Apache-2.0
#pragma once

/// What stands below the options in `--help`, of the program and of each command: examples above
/// all.
namespace shardproof::cli {

inline constexpr const char* kMainFooter = R"(Examples:
  shardproof init my.toml                 a commented scenario to start from
  shardproof check my.toml                is it well-formed, does it make sense?
  shardproof run my.toml                  run it and print the verdict
  shardproof fuzz my.toml --for 60s       what else could go wrong around it?
  shardproof replay my.toml --seed 7 --around violation   what happened just before?
  shardproof shrink my.toml --seed 7      a small scenario that fails in the same way
  shardproof compare my.toml --policy greedy,upmap    which policy does better, and is it no chance?
  shardproof plan cluster.json --add 2    what would move in a real cluster, and must it?
  shardproof explain invariant 5          what is checked, and what it means

`shardproof COMMAND --help` says more. Exit codes: 0 ok, 1 finding or failed expectation,
2 wrong usage or bad scenario, 3 inconclusive, 4 internal or I/O error, 130 interrupted.)";

inline constexpr const char* kRunFooter = R"(Examples:
  shardproof run scenarios/smoke/join_under_load.toml
  shardproof run my.toml --seed 7 --out results/seed7
  shardproof run my.toml --seeds 1..20 --quiet
  shardproof run my.toml --json | jq .metrics
  shardproof run my.toml --rules-off ack_after_sync     what goes wrong without that rule?

One run prints one JSON document; several print one on a line each. With --out, several runs get
a directory each below DIR, named after file and seed.)";

inline constexpr const char* kFuzzFooter = R"(Examples:
  shardproof fuzz --seeds 1..1000             a scenario of any shape for each seed
  shardproof fuzz --for 10m --jobs 2          from seed 1 on, as far as it gets
  shardproof fuzz my.toml --seeds 1..200      faults and commands around a scenario of yours
  shardproof fuzz --seeds 1..100000 --out DIR and, whatever ended it, fuzz --resume DIR
  shardproof fuzz --seeds 1..100000 --shard 2/4 --out part2     on the second of four machines
  shardproof fuzz --seed 17                   one seed again, with its full report
  shardproof fuzz --seed 17 --show > 17.toml  its scenario, to run, to change, to keep)";

inline constexpr const char* kReplayFooter = R"(Examples:
  shardproof run my.toml --seed 7 --out seed7        keeps the run
  shardproof replay seed7                            is it still the same one, after that change?
  shardproof replay seed7 --around violation         the events that led there
  shardproof replay seed7 --around 4711 --before 3 --trace messages
  shardproof replay my.toml --seed 7 --until-event 4711    where does the world stand?

Names in a trace: n3 node, s17 shard, k18#500 request 500 of client 18, e4 epoch of a shard, e4/i126 entry of its
log, r154 revision of the table, T1 term of a coordinator, n- none; all of them in docs/results.md, "The notation of traces".

Exit codes as of `run`; 1 also if it is not the run that was recorded.)";

inline constexpr const char* kOddsFooter = R"(Examples:
  shardproof run my.toml --seed 7 --out seed7
  shardproof odds seed7                         when did the failure become inevitable?
  shardproof odds seed7 --from 4000 --to 5000   more closely
  shardproof odds my.toml --seed 7 --points 8 --branches 100

From each point of the failing run, courses go on by chance of their own; the chart says how many
of them fail in the same way (see `shrink --help`). Exit code 0 says that there is a chart.)";

inline constexpr const char* kCompareFooter = R"(Examples:
  shardproof compare join.toml --policy greedy,upmap --seeds 1..20
  shardproof compare join.toml --policy upmap --option deviation=5
  shardproof compare join.toml --policy all --metric skew.bytes.max_over_mean,migration.bytes.regret
  shardproof run join.toml --seeds 1..20 --out before      and, after a change, --out after
  shardproof compare before after

Every policy runs on the same seeds; `none`, `random` and `optimum` always take part. Exit code 1 says
that an invariant fell, or that the first side did not hold what the scenario expects; 3 that it was
inconclusive. Fewer than six seeds give no star.)";

inline constexpr const char* kPlanFooter = R"(Examples:
  shardproof plan cluster.json --add 2:zone=b            what moves if two nodes join?
  shardproof plan partitions.json --drain 3 --moves      Kafka's assignment, broker 3 to be emptied
  shardproof plan shards.txt --policy all --bandwidth 1Gbit/s    _cat/shards, every policy
  shardproof plan --generated all --policy all           every policy on every generated cluster
  shardproof plan cluster.json --weigh n1=4TB --json | jq '.plans[].policies[].moves'

Nothing is run: each policy plans again until it moves nothing more. With more than one policy,
`none`, `random` and `optimum` are there too, to compare with.)";

inline constexpr const char* kPlaceFooter = R"(Examples:
  shardproof place --algorithm jump,ring --keys 1000000 --nodes 10 --to 11
  shardproof place --algorithm ring --option vnodes=1000 --nodes 100 --shares
  shardproof place --algorithm all --nodes 10 --seeds 20
  shardproof place --algorithm ring,rendezvous --nodes 3 --weights 1,1,2 --json

Keys are key-0, key-1, ..., hashed by XXH64; nodes are node-0, node-1, .... How each algorithm is
composed from them stands in the header of its file in core/distribution/keys/.)";

inline constexpr const char* kShrinkFooter = R"(Examples:
  shardproof shrink my.toml --seed 7 > small.toml
  shardproof shrink my.toml --seed 7 --out small.toml --for 1m

The result fails in the same way: the same invariant, the shard's migration in the same phase, an
offender of the same role; or the same expectation. It is found greedily: the smallest there is, it
need not be.)";

inline constexpr const char* kPowerFooter = R"(Examples:
  shardproof power                             every rule: how long until somebody notices?
  shardproof power --rules ack_after_sync,term_guards_commit
  shardproof power --out noticed               keeps the smallest scenario for each rule

The first failure of a campaign with a rule off is shrunk. Exit code 0 says that the absence of every rule was noticed.)";

inline constexpr const char* kCheckFooter = R"(Examples:
  shardproof check scenarios/smoke/*.toml
  shardproof check my.toml --resolved > full.toml     every default written out; runs identically)";

inline constexpr const char* kListFooter = R"(Examples:
  shardproof list
  shardproof list metrics)";

inline constexpr const char* kInitFooter = R"(Examples:
  shardproof init my.toml        writes the file, unless there is one
  shardproof init                prints it)";

inline constexpr const char* kExplainFooter = R"(Examples:
  shardproof explain invariant 5
  shardproof explain metric migration.bytes.regret
  shardproof explain policy rendezvous
  shardproof explain fault partition
  shardproof explain operation drain
  shardproof explain rule ack_after_sync
  shardproof explain shard s3 --in results      the life of a shard in a run with --out results
  shardproof explain shard shop.orders/3 --in results)";

}  // namespace shardproof::cli
