# SPDX-License-Identifier: Apache-2.0
"""`shardproof fuzz` and `power` as a user meets them.

usage: campaign_test.py BINARY [test names]
"""

import json
import pathlib
import re
import subprocess
import time

import cli_testing
from cli_testing import NEVER_FIRES, SCENARIO


class CampaignTest(cli_testing.CommandLine):
    def test_a_campaign_says_how_far_it_got_and_what_that_is_worth(self):
        text = self.call("fuzz", "--seeds", "1..4", "--quiet").stdout
        self.assertIn("PASS  4 seeds from 1 on, no finding", text)
        self.assertIn("at 95 % confidence fewer than one seed in", text)
        self.assertIn("canary: without the rule replicas_before_ack it fails at seed", text)

    def test_a_campaign_comes_to_the_same_with_any_number_of_processes(self):
        one = self.call("fuzz", "--seeds", "1..6", "--jobs", "1", "--json").stdout
        self.assertEqual(one, self.call("fuzz", "--seeds", "1..6", "--jobs", "3", "--json").stdout)
        self.assertEqual(json.loads(one)["seeds_run"], 6)

    def test_the_scenario_of_a_seed_runs_as_the_campaign_runs_it(self):
        text = self.call("fuzz", "--seed", "2", "--show").stdout
        path = self.write("two.toml", text)
        # Something scripted never comes about in this one: it is inconclusive.
        shown = json.loads(self.call("run", path, "--json", code=3).stdout)
        made = json.loads(self.call("fuzz", "--seed", "2", "--json", code=3).stdout)
        self.assertEqual(shown["digest"], made["digest"])

    def test_a_campaign_around_a_scenario_keeps_its_cluster(self):
        path = self.scenario()
        text = self.call("fuzz", path, "--seed", "2", "--show").stdout
        self.assertRegex(text, r"(?m)^nodes = 3$")
        self.call("fuzz", path, "--seeds", "1..2", "--quiet")

    def test_a_campaign_says_what_never_came_about(self):
        text = self.call("fuzz", self.scenario(NEVER_FIRES), "--seeds", "1..2", "--quiet").stdout
        self.assertRegex(text, r"2 runs in which something scripted never came about\n      seed 1: never fired: ")

    def test_a_campaign_counts_why_things_never_came_about(self):
        never = NEVER_FIRES + NEVER_FIRES.replace("50", "60").replace("crash", "lose_disk")
        path = self.scenario(never)
        text = self.call("fuzz", path, "--seeds", "1..2", "--quiet").stdout
        self.assertIn("      in 2 runs: crash: its condition never became true\n"
                      "      in 2 runs: lose_disk: its condition never became true\n", text)
        document = json.loads(self.call("fuzz", path, "--seeds", "1..2", "--json").stdout)
        self.assertEqual(document["inconclusive_kinds"]["crash: its condition never became true"], 2)

    def test_a_campaign_around_a_scenario_with_a_rule_off_finds_out_and_says_how_to_see_it(self):
        path = self.write("lying.toml", 'rules_off = ["replicas_before_ack"]\n' + SCENARIO.format(more=""))
        done = self.call("fuzz", path, "--seeds", "1..3", "--quiet", code=1)
        self.assertIn("FINDING invariant 26", done.stdout)
        replay = re.search(r"replay it: \S+ (.*)", done.stdout).group(1).split()
        self.assertIn("VIOLATION of invariant 26", self.call(*replay, code=1).stdout)
        document = json.loads(self.call("fuzz", path, "--seeds", "1..3", "--json", code=1).stdout)
        self.assertEqual(document["findings"][0]["count"], 3)
        honest = self.scenario(name="honest.toml")
        off = ("--rules-off", "replicas_before_ack")
        done = self.call("fuzz", honest, *off, "--seeds", "1..2", "--quiet", code=1)
        self.assertIn("--rules-off replicas_before_ack", done.stdout)
        small = self.call("shrink", honest, *off).stdout
        self.assertIn('rules_off = ["replicas_before_ack"]', small)
        self.assertIn("did you mean", self.call("shrink", honest, "--rules-off", "replica_before_ack", code=2).stderr)
        out = self.root / "found"
        self.call("fuzz", path, "--seeds", "1..3", "--out", str(out), "--quiet", code=1)
        kept = next(out.glob("seed-*.toml"))
        self.assertIn("VIOLATION of invariant 26", self.call("run", str(kept), code=1).stdout)
        stopped = self.call("fuzz", path, "--seeds", "1..3", "--first", "--jobs", "1", "--json", code=1)
        self.assertEqual(json.loads(stopped.stdout)["seeds_run"], 1)

    def test_a_campaign_counts_the_rare_places_that_its_runs_came_by(self):
        listed = re.findall(r"^  (\w+)  ", self.call("list", "probes").stdout, flags=re.M)
        probes = json.loads(self.call("fuzz", "--seeds", "1..10", "--json").stdout)["probes"]
        self.assertEqual(list(probes), listed)
        self.assertGreater(probes["stale_epoch_refused"], 0)
        missed = [name for name, hits in probes.items() if hits == 0]
        text = self.call("fuzz", "--seeds", "1..10", "--quiet").stdout
        self.assertEqual(re.findall(r"never hit: (\w+)", text), missed)

    def test_the_reference_of_scenarios_lists_every_fault_point(self):
        listed = re.findall(r"^  (\w+)  +(.*)$", self.call("list", "fault_points").stdout, flags=re.M)
        self.assertGreater(len(listed), 20)
        reference = pathlib.Path(__file__).parent.parent / "docs" / "scenario.md"
        text = reference.read_text(encoding="utf-8")
        part = text[text.index("| fault point | what happens |"):]
        rows = re.findall(r"^\| `(\w+)` \| (.*) \|$", part[:part.index("\n\n")], flags=re.M)
        self.assertEqual(rows, listed)

    def test_the_parts_of_a_campaign_add_up_to_the_whole(self):
        whole = json.loads(self.call("fuzz", "--seeds", "5..17", "--json").stdout)
        parts = [str(self.root / f"part{i}") for i in (1, 2, 3)]
        done = [json.loads(self.call("fuzz", "--seeds", "5..17", "--shard", f"{i}/3", "--out", part, "--json").stdout)
                for i, part in enumerate(parts, 1)]
        self.assertEqual([part["seeds_run"] for part in done], [5, 4, 4])
        self.assertEqual([part["shard"] for part in done], ["1/3", "2/3", "3/3"])
        self.assertEqual(sum(part["events"] for part in done), whole["events"])
        merged = json.loads(self.call("fuzz", "--merge", *reversed(parts), "--json").stdout)
        self.assertEqual(merged, {**whole, "canary": None})
        partial = self.call("fuzz", "--merge", *parts[:2], "--quiet", code=3)
        self.assertIn("seeds 7, 10, 13, 16, ... were not run", partial.stderr)
        self.assertIn("expected I/N", self.call("fuzz", "--seeds", "1..9", "--shard", "4/3", code=2).stderr)

    def test_the_findings_of_parts_are_grouped_as_those_of_the_whole(self):
        path = self.write("lying.toml", 'rules_off = ["replicas_before_ack"]\n' + SCENARIO.format(more=""))
        whole = json.loads(self.call("fuzz", path, "--seeds", "1..4", "--json", code=1).stdout)
        parts = [str(self.root / f"lying{i}") for i in (1, 2)]
        for i, part in enumerate(parts, 1):
            self.call("fuzz", path, "--seeds", "1..4", "--shard", f"{i}/2", "--out", part, "--quiet", code=1)
        merged = json.loads(self.call("fuzz", "--merge", *parts, "--json", code=1).stdout)
        kept = merged["findings"][0].pop("scenario")
        self.assertTrue(pathlib.Path(kept).exists())
        del whole["findings"][0]["scenario"]
        self.assertEqual(merged["findings"], whole["findings"])
        self.call("fuzz", "--seeds", "1..4", "--shard", "1/2", "--out", str(self.root / "other"), "--quiet")
        mixed = self.call("fuzz", "--merge", parts[0], str(self.root / "other"), code=4)
        self.assertIn("no parts of one campaign", mixed.stderr)

    def test_a_campaign_that_was_killed_goes_on_without_losing_or_repeating_a_seed(self):
        out = self.root / "killed"
        progress = out / "progress.jsonl"
        arguments = ["fuzz", "--seeds", "1..40", "--jobs", "2", "--out", str(out), "--quiet"]
        with subprocess.Popen([self.binary, *arguments], stdout=subprocess.DEVNULL) as campaign:
            deadline = time.monotonic() + 60
            while time.monotonic() < deadline and (not progress.exists() or progress.read_text().count("\n") < 6):
                time.sleep(0.01)
            self.assertIn("another process is at work", self.call(*arguments, code=4).stderr)
            campaign.kill()
        done = progress.read_text().count("\n") - 1
        self.assertGreaterEqual(done, 5)
        self.assertLess(done, 40)
        # As a machine that goes down may leave it.
        with progress.open("a", encoding="utf-8") as file:
            file.write('{"seed": 4')
        resumed = self.call("fuzz", "--resume", str(out), "--json").stdout
        self.assertEqual(resumed, self.call("fuzz", "--seeds", "1..40", "--json").stdout)
        seeds = [json.loads(line)["seed"] for line in progress.read_text().splitlines()[1:]]
        self.assertEqual(sorted(seeds), list(range(1, 41)))
        again = self.call(*arguments).stdout
        self.assertIn("40 seeds of them done before", again)
        other = self.call("fuzz", "--seeds", "1..41", "--out", str(out), code=4)
        self.assertIn("another campaign", other.stderr)
        self.assertIn("leave FILE", self.call("fuzz", "x.toml", "--resume", str(out), code=2).stderr)

    def test_the_swarm_notices_that_a_rule_is_off_and_keeps_the_smallest_scenario(self):
        out = self.root / "missed"
        done = self.call("power", "--rules", "replicas_before_ack,table_is_committed", "--seeds", "20",
                         "--out", str(out), "--json")
        document = json.loads(done.stdout)
        self.assertEqual([rule["rule"] for rule in document["rules"]],
                         ["replicas_before_ack", "table_is_committed"])
        for rule in document["rules"]:
            self.assertTrue(rule["found"])
            self.assertLess(rule["entries"]["after"], rule["entries"]["before"])
            self.call("run", str(out / f"{rule['rule']}.toml"), "--quiet", code=1)

    def test_a_rule_that_nobody_misses_is_a_finding(self):
        done = self.call("power", "--rules", "chunks_checked", "--seeds", "3", "--quiet", code=1)
        self.assertIn("FAIL  0 of 1 rule found", done.stdout)

    def test_a_misspelt_rule_gets_a_suggestion(self):
        self.assertIn("did you mean chunks_checked?",
                      self.call("power", "--rules", "chunk_checked", code=2).stderr)
        self.assertIn("--seeds:", self.call("power", "--seeds", "0", code=2).stderr)

    def test_a_campaign_needs_an_end(self):
        self.assertIn("how far?", self.call("fuzz", code=2).stderr)
        self.assertIn("--for:", self.call("fuzz", "--for", "10 parsecs", code=2).stderr)
        self.assertIn("5 is above 3", self.call("fuzz", "--seeds", "5..3", code=2).stderr)
        self.call("fuzz", "--seed", "1", "--seeds", "1..2", code=2)
        self.call("fuzz", "--seeds", "1..2", "--show", code=2)
        self.call("fuzz", str(self.root / "none.toml"), "--seeds", "1..2", code=4)


if __name__ == "__main__":
    cli_testing.main()
