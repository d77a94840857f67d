# SPDX-License-Identifier: Apache-2.0
"""`shardproof plan` as a user meets it.

usage: plan_test.py BINARY [test names]
"""

import json
import pathlib
import re

import cli_testing

KAFKA = json.dumps({"version": 1, "partitions": [
    {"topic": "orders", "partition": number, "replicas": [number % 3, (number + 1) % 3],
     "log_dirs": ["any", "any"]} for number in range(12)]})


def cluster(shards=12, **more):
    """Three nodes in two zones, and so many shards of 100 MB with a copy on two of them."""
    return json.dumps({
        "snapshot": 1,
        "nodes": [{"name": f"n{i}", "zone": "ab"[i % 2], "disk_bytes": 10**10} for i in range(4)],
        "shards": [{"name": str(i), "collection": "shop", "bytes": 10**8,
                    "replicas": [f"n{i % 4}", f"n{(i + 1) % 4}"], **more} for i in range(shards)]})


class PlanTest(cli_testing.CommandLine):
    def plans(self, *arguments, code=0):
        return json.loads(self.call("plan", *arguments, "--json", code=code).stdout)["plans"]

    def test_a_join_is_planned_at_the_least_that_has_to_move(self):
        [plan] = self.plans(self.write("c.json", cluster()), "--add", "2", "--moves")
        self.assertEqual((plan["nodes"], plan["shards"], plan["copies"]), (6, 12, 24))
        self.assertEqual(plan["moves_minimum"], 8)
        [policy] = plan["policies"]
        self.assertEqual(policy["policy"], "greedy")
        self.assertTrue(policy["quiet"])
        self.assertEqual(policy["moves_total"], 8)
        self.assertEqual(policy["moves_regret"], 1)
        self.assertEqual(policy["bytes"], 8 * 10**8)
        copied = [move for move in policy["moves"] if move["kind"] == "move"]
        self.assertEqual(len(copied), 8)
        self.assertEqual({move["target"] for move in copied}, {"new-0", "new-1"})
        self.assertEqual(len(policy["moves"]) - 8, policy["leader_transfers"])
        self.assertEqual(plan["skew_before"]["shards"]["max_over_mean"], 1.5)
        self.assertEqual(policy["skew_after"]["shards"]["max_over_mean"], 1)

    def test_an_even_cluster_is_left_alone(self):
        [plan] = self.plans(self.write("c.json", cluster()))
        self.assertEqual(plan["policies"][0]["moves_total"], 0)
        self.assertIsNone(plan["policies"][0]["moves_regret"])

    def test_a_drained_node_ends_empty_and_a_removed_one_is_made_good(self):
        path = self.write("c.json", cluster())
        for option, reason in (("--drain", "drain"), ("--remove", "repair")):
            [plan] = self.plans(path, option, "n3", "--moves")
            moves = plan["policies"][0]["moves"]
            self.assertEqual([move["reason"] for move in moves].count(reason), 6)
            self.assertNotIn("n3", {move["target"] for move in moves})

    def test_excluded_nodes_take_nothing_and_pinned_collections_stay(self):
        path = self.write("c.json", cluster())
        [plan] = self.plans(path, "--drain", "n3", "--exclude", "n0", "--moves")
        targets = {move["target"] for move in plan["policies"][0]["moves"] if move["kind"] == "move"}
        self.assertTrue(targets)
        self.assertNotIn("n0", targets)
        self.assertIsNone(plan["moves_minimum"])
        self.assertIsNone(plan["policies"][0]["moves_regret"])
        [plan] = self.plans(path, "--drain", "n3", "--pin", "shop", "--moves", code=1)
        self.assertEqual([move for move in plan["policies"][0].get("moves", [])
                          if move["kind"] == "move"], [])
        self.assertGreater(plan["policies"][0]["unplaced"], 0)
        text = self.call("plan", path, "--drain", "n3", "--pin", "shop", code=1).stdout
        self.assertRegex(text, r"\n  6 copies not placed by greedy: ")
        self.assertIn("the least that has to move: not known", text)
        told = self.call("plan", path, "--pin", "nothing", code=2)
        self.assertIn('no collection "nothing"', told.stderr)

    def test_of_several_policies_the_controls_are_there_too(self):
        [plan] = self.plans(self.write("c.json", cluster()), "--add", "1", "--policy", "greedy,upmap")
        names = [policy["policy"] for policy in plan["policies"]]
        self.assertEqual(names[:2], ["greedy", "upmap"])
        self.assertLessEqual({"none", "random"}, set(names))
        by_name = {policy["policy"]: policy for policy in plan["policies"]}
        self.assertEqual(by_name["none"]["moves_total"], 0)

    def test_each_policy_plans_for_each_generated_cluster(self):
        arguments = ["--generated", "all", "--nodes", "8", "--shards", "60", "--policy", "all",
                     "--rounds", "20"]
        plans = self.plans(*arguments)
        self.assertEqual([plan["cluster"] for plan in plans],
                         ["scale_out", "drain", "skewed_sizes", "hot", "unequal"])
        for plan in plans:
            policies = {policy["policy"]: policy for policy in plan["policies"]}
            self.assertGreaterEqual(len(policies), 12)
            restless = [name for name, policy in policies.items() if not policy["quiet"]]
            self.assertEqual(restless, [], plan["cluster"])
        text = self.call("plan", *arguments).stdout
        one = self.call("plan", "--generated", "skewed_sizes", "--policy", "upmap", "--rounds", "1").stdout
        self.assertIn("1, restless", one)
        self.assertEqual(text.count("policy "), 5)
        self.assertIn("| policy | plans |", self.call("plan", *arguments, "--markdown").stdout)

    def test_options_are_set_of_the_policies_that_have_them(self):
        generated = ("--generated", "scale_out", "--policy", "upmap,mean_band")
        sizes = ("--nodes", "8", "--shards", "200")
        [usual] = self.plans(*generated, *sizes)
        [plan] = self.plans(*generated, *sizes, "--option", "moves=1000", "--option", "copies=0",
                            "--option", "band=0%")
        by_name = {policy["policy"]: policy for policy in plan["policies"]}
        self.assertEqual(by_name["upmap"]["options"], {"moves": 1000})
        self.assertEqual(by_name["mean_band"]["options"], {"copies": 0, "band": 0})
        self.assertEqual(by_name["random"]["options"], {})
        plans = {policy["policy"]: policy["plans"] for policy in usual["policies"]}
        self.assertLess(by_name["upmap"]["plans"], plans["upmap"])
        text = self.call("plan", *generated, *sizes, "--option", "moves=1000").stdout
        self.assertIn("upmap (moves=1000)", text)

    def test_every_option_of_a_policy_is_documented_as_it_is(self):
        shown = []
        policies = self.call("list", "policies").stdout
        for name in re.findall(r"^  (\w+) +rebalance: ", policies, flags=re.M):
            for line in self.call("explain", "policy", name).stdout.splitlines():
                found = re.match(r" *--option (\w+)=([^:]+): (.*), ([0-9]+ to [0-9]+)( \((.*)\))?$", line)
                if found:
                    option, value, meaning, limits, _, source = found.groups()
                    source = f"`{source}`" if source else ""
                    shown.append(f"| `{name}` | `{option}` | {value} | {limits} | {meaning} | {source} |")
        text = pathlib.Path("docs/policies.md").read_text(encoding="utf-8")
        written = re.findall(r"^\| `\w+` \| `\w+` \| .*", text.partition("## Options")[2], flags=re.M)
        self.assertEqual(sorted(written), sorted(set(shown)))

    def test_kafka_has_no_sizes_and_none_are_made_up(self):
        [plan] = self.plans(self.write("k.json", KAFKA), "--add", "1")
        self.assertEqual((plan["nodes"], plan["shards"]), (4, 12))
        self.assertIsNone(plan["bytes"])
        self.assertIsNone(plan["policies"][0]["bytes"])
        self.assertEqual(plan["policies"][0]["moves_total"], 6)
        text = self.call("plan", self.root / "k.json", "--add", "1").stdout
        self.assertIn("sizes are not known", text)

    def test_cat_shards_is_read_as_elasticsearch_prints_it(self):
        rows = ["index shard prirep state docs store ip node"]
        for shard in range(6):
            rows.append(f"logs {shard} p STARTED 10 1mb 10.0.0.1 es{shard % 2}")
            rows.append(f"logs {shard} r STARTED 10 1mb 10.0.0.1 es{(shard + 1) % 2}")
        [plan] = self.plans(self.write("shards.txt", "\n".join(rows) + "\n"), "--add", "1")
        self.assertEqual((plan["nodes"], plan["shards"], plan["bytes"]), (3, 6, 12 * 2**20))
        self.assertEqual(plan["policies"][0]["moves_total"], 4)

    def test_a_bandwidth_gives_times_with_their_bound(self):
        path = self.write("c.json", cluster())
        [plan] = self.plans(path, "--add", "1", "--bandwidth", "100MB/s")
        policy = plan["policies"][0]
        # Four copies of 100 MB arrive at one node.
        self.assertEqual(policy["moves_total"], 4)
        self.assertEqual(policy["time_bound_ns"], 4 * 10**9)
        self.assertGreaterEqual(min(s["time_ns"] for s in policy["schedules"] if s["time_ns"]), 4 * 10**9)
        self.assertIsNone(self.plans(path, "--add", "1")[0]["policies"][0]["time_bound_ns"])

    def test_mistakes_are_told_with_their_place_and_what_was_meant(self):
        path = self.write("c.json", cluster())
        bad = self.write("bad.json", cluster(leeder="n0"))
        for arguments, code, message in (
                ([bad], 2, 'bad.json:1: unknown key "leeder"; did you mean "leader"?'),
                ([self.root / "none.json"], 4, "none.json: cannot open"),
                ([], 2, "for which cluster?"),
                ([path, "--drain", "n9"], 2, 'no node "n9"; did you mean "n0"?'),
                ([path, "--add", "1:zone=c"], 2, 'no zone "c"'),
                ([path, "--add", "none"], 2, "--add: 'none' is not a whole number"),
                ([path, "--add", "1:rack=r"], 2, "neither zone=NAME nor like=NODE"),
                ([path, "--watermark", "120%"], 2, "--watermark: '120%' is more than a disk"),
                ([path, "--weigh", "n1"], 2, "--weigh: 'n1' is not NODE=SIZE"),
                ([path, "--weigh", "n1=1TB", "--weigh", "n1=2TB"], 2, "n1 is weighed twice"),
                ([path, "--option", "count_gap=2", "--option", "count_gap=3"], 2,
                 "count_gap is set twice"),
                ([path, "--policy", "greedyy"], 2, "did you mean \"greedy\"?"),
                ([path, "--option", "count_gab=2"], 2, "did you mean count_gap?"),
                ([path, "--option", "count_gap"], 2, "is not NAME=VALUE"),
                ([path, "--option", "count_gap=x"], 2, "'x' is not a number"),
                ([path, "--option", "count_gap=0"], 2, "option count_gap of greedy is from 1 to"),
                ([path, "--option", "deviation=5"], 2, "it is one of upmap\n"),
                ([path, "--option", "nothing_like_it=5"], 2, "list policies`"),
                ([path, "--bandwidth", "1Gb"], 2,
                 "--bandwidth: '1Gb': unknown unit \"Gb\": known: B/s, KB/s, MB/s, GB/s, "),
                ([path, "--format", "kafak"], 2, "did you mean \"kafka\"?"),
                ([path, "--format", "kafka"], 2, "c.json"),
                (["--generated", "drian"], 2, "did you mean \"drain\"?"),
                (["--generated", "all", "--nodes", "3"], 2, "too few for 3 copies"),
                ([path, "--remove", "n0,n1"], 2, "would lose 3 shards without another copy")):
            told = self.call("plan", *arguments, code=code)
            self.assertIn(message, told.stderr)
            self.assertEqual(told.stdout, "")

    def test_everything_in_the_documentation_is_an_option(self):
        text = self.call("plan", "--help").stdout
        for option in ("--generated", "--add", "--drain", "--remove", "--weigh", "--exclude",
                       "--pin", "--policy",
                       "--moves-per-node", "--bandwidth", "--watermark", "--rounds", "--moves", "--json",
                       "--markdown", "--format"):
            self.assertIn(option, text)


if __name__ == "__main__":
    cli_testing.main()
