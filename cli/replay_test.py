# SPDX-License-Identifier: Apache-2.0
"""What is done with a run that failed: replayed, its odds, shrunk.

usage: replay_test.py BINARY [test names]
"""

import json
import pathlib
import re
import signal
import subprocess
import time

import cli_testing
from cli_testing import SCENARIO, BROKEN_EXPECTATION, JOIN


class ReplayTest(cli_testing.CommandLine):
    # --- replay and odds ----------------------------------------------------------------------

    def lying(self):
        """A scenario that violates an invariant: acknowledgements do not wait for replicas."""
        text = SCENARIO.format(more="").replace('documents = { count = 50, size = "256B" }\n', "")
        return self.write("lying.toml", 'rules_off = ["replicas_before_ack"]\n' + text)

    def recorded(self, path, code=0):
        """The directory of a run's results, and what is in its result.json."""
        out = self.root / "recorded"
        self.call("run", path, "--out", str(out), "--quiet", code=code)
        return out, json.loads((out / "result.json").read_text(encoding="utf-8"))

    def test_a_result_is_replayed_to_the_same_run(self):
        out, result = self.recorded(self.scenario(JOIN))
        done = self.call("replay", str(out))
        self.assertRegex(done.stdout, rf"THE SAME RUN as the recorded one:\n .* digest {result['digest']}\n")
        self.assertIn(f"\n  {result['events']:,} events (1 to ", done.stdout)
        self.assertEqual(done.stdout, self.call("replay", str(out / "result.json")).stdout)
        document = json.loads(self.call("replay", str(out), "--json").stdout)
        self.assertTrue(document["is_same"])
        self.assertEqual(document["run"], document["recorded"])
        self.assertEqual(document["run"]["events"], result["events"])
        self.assertEqual(document["run"]["last_event"], result["digest_checkpoints"][-1][0])

    def test_a_run_that_was_interrupted_is_replayed_as_far_as_it_went(self):
        path = pathlib.Path(self.scenario())
        endless = path.read_text(encoding="utf-8").replace('duration = "2s"', 'duration = "1000000s"')
        path.write_text(endless, encoding="utf-8")
        out = self.root / "cut"
        run = subprocess.Popen([self.binary, "run", str(path), "--out", str(out), "--quiet"],
                               stdout=subprocess.DEVNULL)
        time.sleep(0.5)
        run.send_signal(signal.SIGINT)
        self.assertEqual(run.wait(timeout=60), 130)
        text = self.call("replay", str(out), code=3).stdout
        self.assertIn("THE SAME RUN as the recorded one, which was interrupted here", text)

    def test_a_result_replays_without_its_scenario_file(self):
        path = pathlib.Path(self.scenario())
        out, _ = self.recorded(str(path))
        path.unlink()
        self.assertIn("THE SAME RUN", self.call("replay", str(out)).stdout)

    def test_a_run_that_is_another_one_is_told_with_the_decisions_and_a_command_to_look(self):
        out, result = self.recorded(self.scenario())
        changed = [pair if pair[0] < 256 else [pair[0], "0" * 16] for pair in result["digest_checkpoints"]]
        result["digest_checkpoints"], result["digest"] = changed, "0" * 16
        for stream in result["streams"]["draws"]:
            if (stream["site"], stream["subject"]) == ("client.router", "k0"):
                stream["draws"] = [draws + 1 for draws in stream["draws"]]
            if (stream["site"], stream["subject"]) == ("disk.latency", "n1"):
                stream["site"] = "disk.lag"
        (out / "result.json").write_text(json.dumps(result), encoding="utf-8")
        text = self.call("replay", str(out), code=1).stdout
        self.assertIn("NOT THE SAME RUN", text)
        self.assertIn("the first other one is among 193..256", text)
        self.assertRegex(text, r"client\.router +k0 +\d+ +\d+\n")
        self.assertRegex(text, r"disk\.lag +n1 +\d+ +- +is not there any more\n")
        self.assertRegex(text, r"disk\.latency +n1 +- +\d+ +is new\n")
        look = re.search(r"(?m)^ +\S*shardproof (replay .*)$", text).group(1).split()
        self.assertRegex(self.call(*look, code=1).stdout, r"(?m)^> #193 ")

    def test_the_events_around_a_violation_are_shown(self):
        out, result = self.recorded(self.lying(), code=1)
        event = result["violations"][0]["event"]
        text = self.call("replay", str(out), "--around", "violation", code=1).stdout
        self.assertIn("THE SAME RUN", text)
        self.assertRegex(text, rf"(?m)^> +#{event} ")
        self.assertRegex(text, rf"(?m)^  +#{event - 20} ")
        self.assertNotIn(f"#{event - 21} ", text)
        self.assertIn("- n", text)
        self.assertLessEqual(max(len(line) for line in text.splitlines()), 120)
        path = self.lying()
        self.assertIn(f"> #{event} ", self.call("replay", path, "--around", "violation", code=1).stdout)
        bare = self.call("replay", path, "--around", str(event), "--before", "1", "--trace", "events").stdout
        self.assertEqual(len(bare.splitlines()), 2)
        full = json.loads(self.call("replay", path, "--around", str(event), "--trace", "messages", "--json").stdout)
        self.assertEqual(full["trace"][-1]["event"], event)
        self.assertIn("content", full["trace"][-1])

    def test_the_world_is_shown_after_an_event(self):
        path = self.scenario()
        text = self.call("replay", path, "--until-event", "700").stdout
        self.assertIn("The world after event 700\n", text)
        self.assertRegex(text, r"n0 +running +r\d+")
        state = json.loads(self.call("replay", path, "--until-event", "700", "--json").stdout)["state"]
        self.assertEqual([node["node"] for node in state["nodes"]], ["n0", "n1", "n2"])
        self.assertEqual(state["shards"], 4)

    def test_of_a_directory_with_several_results_the_results_are_named(self):
        out = self.root / "out"
        self.call("run", self.scenario(), "--seeds", "1..10", "--out", str(out), "--quiet")
        for command in ("replay", "odds", "shrink"):
            told = self.call(command, str(out), code=2).stderr
            self.assertIn(f"'{out}' holds results of several runs; name one:\n  {out}/small-seed-1\n", told)
            self.assertTrue(told.endswith(f"  {out}/small-seed-8\n  and 2 more\n"), told)

    def test_what_cannot_be_replayed_says_why(self):
        path = self.scenario()
        out, result = self.recorded(path)
        self.call("replay", str(self.root / "none.json"), code=4)
        self.call("replay", str(self.root / "none.toml"), code=4)
        other = self.write("other.json", '{"a": 1}')
        self.assertIn("no result", self.call("replay", other, code=2).stderr)
        broken = self.write("broken.json", '{"a": ')
        self.assertIn("no result", self.call("replay", broken, code=2).stderr)
        self.assertRegex(self.call("replay", path, "--until-event", "99999999", code=2).stderr,
                         r"there is no event 99999999: the run has \d+\n")
        self.assertIn("no event", self.call("replay", str(out), "--around", "99999999", code=2).stderr)
        self.assertIn("violates no", self.call("replay", str(out), "--around", "violation", code=2).stderr)
        self.assertIn("its own seed", self.call("replay", str(out), "--seed", "3", code=2).stderr)
        self.assertIn("--around: 'x'", self.call("replay", path, "--around", "x", code=2).stderr)
        self.assertIn("--until-event: '0'", self.call("replay", path, "--until-event", "0", code=2).stderr)
        self.assertIn("did you mean facts", self.call("replay", path, "--trace", "fact", code=2).stderr)
        without = {key: value for key, value in result.items() if key != "scenario_toml"}
        old = self.write("old.json", json.dumps(without))
        self.assertIn(f"shardproof run {path} --seed 7", self.call("replay", old, code=2).stderr)
        unreadable = self.write("new.json", json.dumps(result | {"scenario_toml": "schema = 99\n"}))
        self.assertIn("this version cannot read", self.call("replay", unreadable, code=2).stderr)

    def test_the_odds_of_a_failure_are_the_same_with_any_number_of_processes(self):
        out, result = self.recorded(self.lying(), code=1)
        few = ("--points", "3", "--branches", "4")
        one = self.call("odds", str(out), *few, "--jobs", "1", "--json").stdout
        self.assertEqual(one, self.call("odds", str(out), *few, "--jobs", "3", "--json").stdout)
        document = json.loads(one)
        self.assertEqual(document["event"], result["violations"][0]["event"])
        self.assertEqual(len(document["points"]), 3)
        for point in document["points"]:
            self.assertEqual(point["failing"] + point["otherwise"] + point["passing"] + point["unknown"], 4)
        self.assertEqual(document["points"][-1]["event"], document["event"] - 1)
        text = self.call("odds", str(out), *few, "--quiet").stdout
        self.assertRegex(text, r"(?m)^ODDS  small  seed 7$")
        self.assertRegex(text, r"(?i)inevitable")

    def test_odds_need_a_failure_and_points_before_it(self):
        path = self.scenario()
        self.assertIn("does not fail", self.call("odds", path, code=2).stderr)
        lying = self.lying()
        self.assertIn("fails at event", self.call("odds", lying, "--to", "99999999", code=2).stderr)
        self.assertIn("--from", self.call("odds", lying, "--from", "0", code=2).stderr)
        self.assertIn("--odds-seed: 'x'", self.call("odds", lying, "--odds-seed", "x", code=2).stderr)
        self.call("odds", str(self.root / "none.json"), code=4)

    def test_there_are_no_odds_of_a_cluster_that_cannot_be_set_up(self):
        path = self.scenario('[network]\nloss = "99%"\n')
        told = self.call("odds", path, "--quiet", code=3)
        self.assertIn("there are no odds to tell, for the run does not come to its beginning: "
                      "the cluster was not ready", told.stderr)
        self.assertEqual(told.stdout, "")

    # --- shrink -------------------------------------------------------------------------------

    def test_a_failing_scenario_is_shrunk_to_one_that_fails_in_the_same_way(self):
        path = self.scenario(BROKEN_EXPECTATION + JOIN)
        out = self.root / "small.toml"
        done = self.call("shrink", path, "--seed", "9", "--out", str(out))
        self.assertRegex(done.stdout, r"events +1 +0\n")
        text = out.read_text(encoding="utf-8")
        self.assertIn("# Fails: an expectation does not hold: client.ok <= 1 at the end", text)
        self.assertIn(f"#     shardproof run {out} --seed ", text)
        self.assertNotIn("join", text)
        self.assertIn("nodes = 3\n", text)
        self.assertIn(f"Replay it:\n  {self.binary} run {out} --seed ", done.stdout)
        self.assertIn("NOT AS EXPECTED client.ok <= 1", self.call("run", str(out), code=1).stdout)

    def test_a_result_is_shrunk_as_its_scenario_with_its_seed(self):
        path = self.scenario(BROKEN_EXPECTATION + JOIN)
        out = self.root / "out"
        self.call("run", path, "--seed", "9", "--out", str(out), "--quiet", code=1)
        expected = json.loads(self.call("shrink", path, "--seed", "9", "--json").stdout)
        for result in (out, out / "result.json"):
            document = json.loads(self.call("shrink", str(result), "--json").stdout)
            self.assertEqual((document["seed"], document["after"]), (expected["seed"], expected["after"]))
        self.assertIn("its own seed", self.call("shrink", str(out), "--seed", "9", code=2).stderr)

    def test_shrinking_prints_the_scenario_or_json_that_holds_it(self):
        path = self.scenario(BROKEN_EXPECTATION)
        printed = self.call("shrink", path)
        document = json.loads(self.call("shrink", path, "--json").stdout)
        self.assertEqual(document["toml"], printed.stdout)
        self.assertIn("before", printed.stderr)
        self.assertEqual(document["failure"], "expectation client.ok <= 1 at the end")
        self.assertEqual(document["after"]["nodes"], document["before"]["nodes"])
        self.assertTrue(document["is_minimal"])
        few = json.loads(self.call("shrink", path, "--json", "--runs", "3").stdout)
        self.assertEqual((few["runs"], few["is_minimal"]), (3, False))

    def test_a_scenario_that_passes_is_nothing_to_minimise(self):
        done = self.call("shrink", self.scenario(), "--seed", "8", code=2)
        self.assertRegex(done.stderr, r"nothing to minimise: .*small\.toml does not fail with seed 8\n$")
        self.assertEqual(done.stdout, "")

    def test_wrong_values_of_shrink_are_named(self):
        path = self.scenario(BROKEN_EXPECTATION)
        self.assertIn("--runs: '0'", self.call("shrink", path, "--runs", "0", code=2).stderr)
        self.assertIn("--for: 'soon'", self.call("shrink", path, "--for", "soon", code=2).stderr)
        self.assertIn("--seed: 'x'", self.call("shrink", path, "--seed", "x", code=2).stderr)
        out = str(self.root / "no" / "such.toml")
        self.assertIn("no directory", self.call("shrink", path, "--out", out, code=4).stderr)


if __name__ == "__main__":
    cli_testing.main()
