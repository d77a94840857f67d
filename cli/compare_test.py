# SPDX-License-Identifier: Apache-2.0
"""`shardproof compare` as a user meets it.

usage: compare_test.py BINARY [test names]
"""

import json

import cli_testing
from cli_testing import JOIN

EVEN = """
[[expect]]
metric = "skew.shards.max_over_mean"
max = 1.4
because = "a join is to be made use of"
"""

DRAIN = """
[[at]]
time = "500ms"
drain = { node = 2 }
"""


class CompareTest(cli_testing.CommandLine):
    def compare(self, *arguments, code=0):
        return json.loads(self.call("compare", *arguments, "--json", "--quiet", code=code).stdout)

    def test_policies_run_on_the_same_seeds_with_the_controls_beside_them(self):
        path = self.scenario(JOIN)
        result = self.compare(path, "--policy", "greedy,mean_band", "--seeds", "3..6")
        self.assertEqual(result["seeds"], [3, 4, 5, 6])
        sides = {side["name"]: side for side in result["sides"]}
        self.assertEqual(list(sides), ["greedy", "mean_band", "none", "random", "optimum"])
        for side in sides.values():
            self.assertEqual([run["seed"] for run in side["runs"]], [3, 4, 5, 6])
            self.assertEqual([run["verdict"] for run in side["runs"]], ["pass"] * 4)
        self.assertEqual(sides["none"]["metrics"]["migration.count"]["median"], 0)
        self.assertEqual(sides["none"]["metrics"]["migration.count"]["lower"], 4)
        self.assertGreater(sides["greedy"]["metrics"]["migration.count"]["median"], 0)
        self.assertEqual(sides["greedy"]["metrics"]["migration.count"]["same"], 4)

    def test_the_number_of_processes_changes_nothing(self):
        arguments = [self.scenario(JOIN), "--seeds", "1..3"]
        self.assertEqual(self.compare(*arguments, "--jobs", "1"),
                         self.compare(*arguments, "--jobs", "3"))

    def test_a_policys_run_is_the_run_of_a_scenario_with_that_policy(self):
        side = self.compare(self.scenario(JOIN), "--policy", "greedy", "--seeds", "5..5")["sides"][0]
        alone = json.loads(self.call("run", self.scenario(JOIN), "--seeds", "5..5", "--json").stdout)
        metrics = {name: value for name, value in side["runs"][0]["metrics"].items()}
        self.assertEqual(metrics, alone["metrics"])

    def test_options_are_those_of_the_command_beside_those_of_the_scenario(self):
        path = self.scenario(JOIN + "\n[policy]\noptions = { upmap = { deviation = 3 } }\n")
        names = ("--policy", "upmap,mean_band", "--seeds", "1..2")
        result = self.compare(path, *names, "--option", "moves=1", "--option", "copies=1")
        sides = [side["name"] for side in result["sides"]]
        self.assertEqual(sides[:2], ["upmap (deviation=3, moves=1)", "mean_band (copies=1)"])
        of_scenario = self.compare(path, *names)["sides"]
        self.assertEqual(of_scenario[0]["name"], "upmap (deviation=3)")
        usual = self.compare(self.scenario(JOIN), *names)["sides"]
        counts = [side["metrics"]["migration.moves"]["median"] for side in result["sides"]]
        self.assertLess(counts[0], usual[0]["metrics"]["migration.moves"]["median"])

    def test_the_scenario_may_name_what_to_compare(self):
        more = JOIN + "\n[policy]\ncompare = [\"upmap\"]\n"
        sides = self.compare(self.scenario(more), "--seeds", "1..1")["sides"]
        self.assertEqual([side["name"] for side in sides],
                         ["greedy", "upmap", "none", "random", "optimum"])

    def test_what_a_scenario_expects_it_expects_of_the_first_policy(self):
        path = self.scenario(JOIN + EVEN)
        text = self.call("compare", path, "--seeds", "1..2", "--quiet").stdout
        self.assertIn("runs that passed", text)
        self.assertIn("none, seed 1:", text)
        self.call("compare", path, "--policy", "none,greedy", "--seeds", "1..2", "--quiet", code=1)

    def test_a_control_that_cannot_drain_is_shown_and_is_no_finding(self):
        path = self.scenario(DRAIN)
        text = self.call("compare", path, "--seeds", "1..2", "--quiet").stdout
        self.assertIn("none, seed 1: invariant 35, progress", text)
        self.call("compare", path, "--policy", "none,greedy", "--seeds", "1..2", "--quiet", code=1)

    def test_two_sets_of_results_are_paired_by_seed(self):
        path = self.scenario(JOIN)
        before, after = str(self.root / "before"), str(self.root / "after")
        self.call("run", path, "--seeds", "1..3", "--out", before, "--quiet")
        other = self.write("other.toml", (self.root / "small.toml").read_text(encoding="utf-8") +
                           "\n[policy]\nrebalance = \"none\"\n")
        self.call("run", other, "--seeds", "2..4", "--out", after, "--quiet")
        result = self.compare(before, after)
        self.assertEqual(result["seeds"], [2, 3])
        self.assertEqual(result["sides"][1]["metrics"]["migration.count"]["lower"], 2)
        self.assertIn("| median |", self.call("compare", before, after, "--markdown").stdout)

    def test_mistakes_say_what_was_meant(self):
        path = self.scenario()
        empty = self.root / "empty"
        empty.mkdir()
        for arguments, code, message in (
                (["--policy", "greedyy", path], 2, 'did you mean "greedy"?'),
                (["--option", "deviatoin=3", "--policy", "upmap", path], 2, "did you mean deviation?"),
                (["--metric", "skew.bytes.cvv", path], 2, 'did you mean "skew.bytes.cv"?'),
                (["--seeds", "5..3", path], 2, "5 is above 3"),
                ([path, path], 2, "one scenario, or two or more directories of results"),
                ([str(empty), str(empty)], 2, "no result.json in it"),
                ([str(self.root / "none.toml")], 4, "none.toml"),
                ([], 2, "SCENARIO")):
            self.assertIn(message, self.call("compare", *arguments, code=code).stderr)


if __name__ == "__main__":
    cli_testing.main()
