// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "sim/observe/observer_testing.hpp"

namespace shardproof::reports::testing {

using sim::testing::Watched;

/// A run of an observed world of three nodes in which n0 crashed, s0 failed over, and s1 moved.
inline sim::RunResult passed_run() {
  Watched world;
  world.hold({{0, {ShardId(0), Bytes(4'000'000)}},
              {1, {ShardId(0), Bytes(4'000'000)}},
              {1, {ShardId(1), Bytes(6'000'000)}},
              {2, {ShardId(1), Bytes(6'000'000)}}});
  for (int i = 0; i < 30; ++i) {
    world.fact(static_cast<std::uint32_t>(i % 3 == 0 ? 0 : 1),
               fact::ReadServed{ShardId(0), {}, {}, {}});
    world.observer.on_client_request();
    world.observer.on_client_reply(ReplyStatus::Ok, i % 3 == 0, Instant(microseconds(-100 * i)));
  }
  world.observer.end_sample();
  world.at(10);
  world.observer.on_fault(sim::FaultKind::kCrash, NodeId(0));
  world.observer.on_process(NodeId(0), sim::ProcessState::kDown);
  world.at(13);
  world.commit({sim::testing::shard(0, 2, 1, {1})});
  world.fact(1, fact::LeadershipTaken{ShardId(0), Epoch(2), {}});
  world.at(20);
  ShardInfo moving = sim::testing::shard(1, 2, 1, {1, 2});
  moving.migration = sim::testing::migration(1, 2, 0, MigrationPhase::Copy);
  world.commit({moving});
  world.fact(1, fact::ChunkSent{ShardId(1), MigrationId(1), NodeId(0), Bytes(6'400'000), false});
  world.at(22);
  world.commit({sim::testing::shard(1, 3, 1, {1, 2})});
  world.at(60);
  world.observer.end_sample();
  sim::RunResult result;
  world.observer.finish(result);
  result.scenario = "failover";
  result.file = "scenarios/failover.toml";
  result.seed = 42;
  result.digest = 0x0123456789abcdef;
  result.duration = seconds(60);
  result.checks = {{3, "no lost write", 1'200'000, 0}, {5, "single owner", 34'000, 0}};
  result.fired = {{"at 10s: crash = { node = 0 }", 1, ""}};
  result.operators = {3, 2, 1, {"remove n3: n3 is alive and 2 shards name it: drain it first"}};
  result.chaos = {"redundancy", {{"crash", 3, 1, 2, 0}, {"drop", 4, 4, 0, 0}}};
  result.checkpoints = {{0, 1}, {5, 0xabc}};
  sim::ExpectationResult expectation;
  expectation.metric = "skew.shards.max_over_mean";
  expectation.text = "skew.shards.max_over_mean <= 2 at the end";
  expectation.bound = Ratio(2, 1);
  expectation.value = sim::ExactValue::fraction(3, 2);
  expectation.evaluations = 1;
  expectation.held = true;
  expectation.evaluated_at = Instant(seconds(60));
  result.expectations = {expectation};
  judge(result);
  return result;
}

/// k7 reads what k3 has replaced, while k1 waits for an answer.
inline sim::ClientLanes stale_read_lanes() {
  const auto at = [](std::int64_t since) { return Instant(milliseconds(since)); };
  return {"k0000000012",
          {{ClientId(3), "replace #4", "ok", at(13'000), at(13'004), true},
           {ClientId(1), "insert #5", "no answer", at(13'100), std::nullopt, false},
           {ClientId(3), "replace #6", "ok", at(13'200), at(13'205), true},
           {ClientId(7), "read", "-> #4", at(13'300), at(13'302), true}}};
}

/// The same with a violation, a broken expectation and a warning.
inline sim::RunResult failed_run() {
  sim::RunResult result = passed_run();
  sim::ViolationRecord violation;
  violation.invariant = 5;
  violation.name = "single owner";
  violation.message = "n0 accepts writes of s0 at e1 while n1 does at e2";
  violation.statement =
      "for each shard at most one node accepts writes or serves reads, inside its lease";
  violation.time = Instant(milliseconds(13'500));
  violation.event = 1234;
  violation.shard = ShardId(0);
  violation.phase = MigrationPhase::Switch;
  violation.nodes = {NodeId(0), NodeId(1)};
  violation.roles = {sim::NodeRole::kNone, sim::NodeRole::kLeader};
  violation.epochs = {Epoch(1), Epoch(2)};
  violation.last_events = {{Instant(milliseconds(-1'200)), 17, "n0 CopyCreated e1"},
                           {Instant(seconds(13)), 1229, "n1 LeadershipTaken e2"},
                           {Instant(milliseconds(13'500)), 1234, "n0 WriteAccepted e1/i17"}};
  result.violations = {violation};
  result.violations_total = 3;
  result.checks[1].violations = 3;
  result.expectations[0].held = false;
  result.expectations[0].bound = Ratio(5, 4);
  result.expectations[0].text = "skew.shards.max_over_mean <= 1.25 at the end";
  result.expectations[0].because = "the balancer promises it";
  result.warnings = {"failover.toml:3: the load is too small to reach any threshold"};
  judge(result);
  return result;
}

/// A migration that hangs and a node that is down.
inline std::vector<sim::PendingItem> sample_pending() {
  return {{ShardId(1),
           NodeId(2),
           "Copy",
           "the migration of s1 from n0 to n2 is in Copy",
           {{ShardId(1), NodeId(1), true, "ShardReport Copied", "n2", Instant(seconds(12))},
            {ShardId(1), NodeId(2), false, "CopyChunk 3", "n0", {}}}},
          {ShardId::none(), NodeId(0), "", "n0 is down", {}}};
}

/// A run that did not come to rest.
inline sim::RunResult unsettled_run() {
  sim::RunResult result = passed_run();
  sim::ViolationRecord hangs;
  hangs.invariant = 35;
  hangs.name = "progress";
  hangs.message =
      "the cluster did not come to rest within 60 s after the end of all faults; pending: " +
      sim::list_text(sample_pending());
  hangs.time = Instant(seconds(120));
  hangs.event = 99'000;
  hangs.shard = ShardId(1);
  hangs.phase = MigrationPhase::Copy;
  hangs.nodes = {NodeId(2)};
  hangs.roles = {sim::NodeRole::kTarget};
  result.violations = {hangs};
  result.violations_total = 1;
  result.pending = sample_pending();
  result.settling = {"core",
                     {NodeId(1), NodeId(2)},
                     {{NodeId(0), "down"}, {NodeId(3), "cut off"}},
                     {{ShardId(1), true, "n2 is up and in sync, and its disk has a copy"},
                      {ShardId(4), false, "n0 is broken for good"}},
                     false};
  judge(result);
  return result;
}

/// A run whose clients were told what cannot all be true.
inline sim::RunResult contradicted_run() {
  sim::RunResult result = passed_run();
  sim::ViolationRecord told;
  told.invariant = 27;
  told.name = "linearizable reads";
  told.message =
      "\"k0000000012\": k7's read -> #4 was asked for when #6 was there already (by k3's replace "
      "#6), and that is newer: #4 was there (by k3's replace #4) before k3's replace #6 was asked "
      "for";
  told.statement =
      "a read at the leader returns the latest acknowledged write of its key or a later one";
  told.time = Instant(milliseconds(13'302));
  told.event = 1230;
  told.shard = ShardId(0);
  told.lanes = stale_read_lanes();
  result.violations = {told};
  result.violations_total = 1;
  judge(result);
  return result;
}

}  // namespace shardproof::reports::testing
