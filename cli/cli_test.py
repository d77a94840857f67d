# SPDX-License-Identifier: Apache-2.0
"""The command line as a user meets it: exit codes, messages, JSON, files, interruption.

usage: cli_test.py BINARY [test names]
"""

import json
import os
import pathlib
import re
import signal
import subprocess
import time

import cli_testing
from cli_testing import SCENARIO, BROKEN_EXPECTATION, JOIN, NEVER_FIRES


class CommandLineTest(cli_testing.CommandLine):
    # --- usage --------------------------------------------------------------------------------

    def test_version_and_help_go_to_stdout(self):
        self.assertRegex(self.call("--version").stdout, r"^shardproof \d+\.\d+\.\d+\n$")
        self.assertIn("Examples:", self.call("--help").stdout)
        for command in ("run", "fuzz", "shrink", "power", "place", "check", "list", "init", "explain"):
            self.assertIn("Examples:", self.call(command, "--help").stdout)

    def test_an_unknown_command_or_option_gets_a_suggestion(self):
        self.assertIn("did you mean run?", self.call("rnu", "a.toml", code=2).stderr)
        self.assertIn("did you mean --quiet?", self.call("run", "a.toml", "--quite", code=2).stderr)
        self.assertIn("metrics", self.call("list", "metrix", code=2).stderr)
        self.assertIn("migration.count", self.call("explain", "metric", "migration.cuont", code=2).stderr)
        self.assertIn("checked are 1, 2, 3", self.call("explain", "invariant", "99", code=2).stderr)

    def test_wrong_values_are_named(self):
        path = self.scenario()
        self.assertIn("--seed: 'x'", self.call("run", path, "--seed", "x", code=2).stderr)
        self.assertIn("--seed: '-1'", self.call("run", path, "--seed=-1", code=2).stderr)
        self.assertIn("5 is above 3", self.call("run", path, "--seeds", "5..3", code=2).stderr)
        self.assertIn("--seed", self.call("run", path, "--seed", "1", "--seeds", "1..2", code=2).stderr)
        self.call("run", code=2)
        self.call(code=2)

    def test_what_is_wrong_with_a_command_line_is_said_in_plain_words_with_that_commands_help(self):
        path = self.scenario()
        for arguments, message in (
                (("run", path, "--seed", "1", "--seed", "2"), "run: --seed is given twice"),
                (("run", path, "--out"), "run: --out lacks its DIR"),
                (("check",), "check: FILE is missing"),
                (("init", "a", "b"), "init: that is too much: b"),
                (("fuzz", "--jobs", "0"), "fuzz: --jobs: '0' is not a whole number from 1 to 1024"),
                (("compare", path, "--jobs=-1"), "compare: --jobs: '-1' is not a whole number from 1 to 1024"),
                (("replay", path, "--before=-1"), "replay: --before: '-1' is not a whole number from 0 to "),
                (("odds", path, "--points", "x"), "odds: --points: 'x' is not a whole number from 1 to 10000"),
                (("list", "metrix"), "unknown topic 'metrix'")):
            told = self.call(*arguments, code=2).stderr
            self.assertIn(message, told)
            self.assertTrue(told.endswith(f"\nTry `{self.binary} {arguments[0]} --help`.\n"), told)
        self.assertTrue(self.call("rnu", code=2).stderr.endswith(f"\nTry `{self.binary} --help`.\n"))

    def test_everything_that_is_listed_can_be_explained(self):
        kinds = {"policies": "policy", "algorithms": "algorithm", "invariants": "invariant", "metrics": "metric",
                 "faults": "fault", "operations": "operation", "rules": "rule"}
        for topic, kind in kinds.items():
            names = re.findall(r"^  (\S+)", self.call("list", topic).stdout, re.MULTILINE)
            self.assertGreater(len(names), 1, topic)
            for name in set(names):
                self.assertIn(name, self.call("explain", kind, name).stdout)

    def test_an_invariant_is_explained_with_where_there_is_more(self):
        self.assertIn("docs/invariants.md", self.call("explain", "invariant", "5").stdout)

    def test_the_example_of_each_action_is_a_valid_event(self):
        for topic, kind in (("faults", "fault"), ("operations", "operation")):
            names = re.findall(r"^  (\S+)", self.call("list", topic).stdout, re.MULTILINE)
            for name in names:
                text = self.call("explain", kind, name).stdout
                if "result.json says how often" in text:
                    continue
                example = re.sub(r"^  ", "", text[text.index("[[at]]") - 2:], flags=re.MULTILINE)
                scenario = SCENARIO.format(more=example.replace('"10s"', '"500ms"'))
                if name == "enable_sharding":
                    scenario = scenario.replace("shards = 4", "shards = 4\nsharded = false")
                with self.subTest(name=name):
                    self.call("check", self.write(f"{name}.toml", scenario))

    # --- scenarios ----------------------------------------------------------------------------

    def test_init_writes_a_scenario_that_passes_the_check_and_no_file_twice(self):
        path = str(self.root / "my.toml")
        self.call("init", path)
        self.assertIn("ok", self.call("check", path).stdout)
        self.assertEqual(self.call("init").stdout, pathlib.Path(path).read_text(encoding="utf-8"))
        self.assertIn("there already", self.call("init", path, code=2).stderr)
        self.call("init", str(self.root / "no" / "such" / "x.toml"), code=4)

    def test_what_init_writes_passes_whatever_the_seed(self):
        path = str(self.root / "mine.toml")
        self.call("init", path)
        text = self.call("run", path, "--seeds", "1..40", "--quiet").stdout
        self.assertIn("40 runs: 40 passed", text)

    def test_a_missing_scenario_is_an_input_error(self):
        for command in ("run", "check"):
            done = self.call(command, str(self.root / "none.toml"), code=4)
            self.assertIn("none.toml", done.stderr)
            self.assertEqual(done.stdout, "")

    def test_a_bad_scenario_is_told_with_its_place_and_nothing_is_written(self):
        path = self.write("bad.toml", SCENARIO.format(more="").replace("replication_factor", "replication"))
        out = self.root / "out"
        done = self.call("run", path, "--out", str(out), code=2)
        self.assertRegex(done.stderr, r"bad\.toml:\d+:\d+: error: ")
        self.assertIn("replication_factor", done.stderr)
        self.assertFalse(out.exists())

    def test_a_resolved_scenario_runs_identically(self):
        path = self.scenario()
        full = self.write("full.toml", self.call("check", path, "--resolved").stdout)
        one = json.loads(self.call("run", path, "--json", "--quiet").stdout)
        other = json.loads(self.call("run", full, "--json", "--quiet").stdout)
        self.assertEqual(one["digest"], other["digest"])

    # --- runs ---------------------------------------------------------------------------------

    def test_a_run_passes_and_says_so_the_same_way_each_time(self):
        path = self.scenario()
        self.assertIn("PASS", self.call("run", path).stdout)
        first = self.call("run", path, "--json", "--quiet")
        self.assertEqual(first.stderr, "")
        self.assertEqual(first.stdout, self.call("run", path, "--json", "--quiet").stdout)
        document = json.loads(first.stdout)
        self.assertEqual(list(document), ["verdict", "scenario", "seed", "rules_off", "digest",
                                          "events", "simulated_ns", "checks", "violations",
                                          "expectations", "warnings", "metrics"])
        self.assertEqual(document["verdict"], "pass")
        self.assertEqual(document["simulated_ns"], 2_000_000_000)
        self.assertGreater(document["metrics"]["client.ok"], 0)

    def test_the_readme_shows_the_verdict_of_its_first_command(self):
        root = pathlib.Path(__file__).resolve().parent.parent
        readme = (root / "README.md").read_text(encoding="utf-8")
        block = readme.split("<!-- verdict: begin")[1].split("\n", 1)[1]
        shown = [line.strip() for line in block.split("<!-- verdict: end")[0].splitlines()]
        done = self.call("run", str(root / "scenarios/smoke/join_under_load.toml"))
        printed = [line.strip() for line in done.stdout.splitlines()]
        # How long it took differs.
        untimed = re.compile(r" in [0-9.]+ m?s \(.*")
        self.assertEqual([untimed.sub("", line) for line in shown],
                         [untimed.sub("", line) for line in printed])

    def test_rules_that_are_off_are_shown_and_in_the_replay_line(self):
        path = self.scenario()
        options = ("--rules-off", "table_is_committed,ack_after_sync")
        done = self.call("run", path, *options, code=1)
        self.assertIn("switched off: ack_after_sync, table_is_committed", done.stdout)
        self.assertIn(f"shardproof run {path} --seed 7 {' '.join(options)}", done.stdout)
        document = json.loads(self.call("run", path, *options, "--json", "--quiet", code=1).stdout)
        self.assertEqual(document["rules_off"], ["ack_after_sync", "table_is_committed"])

    def test_a_rule_that_is_not_known_is_refused_with_a_suggestion(self):
        done = self.call("run", self.scenario(), "--rules-off", "ack_after_sink", code=2)
        self.assertIn("no rule 'ack_after_sink'", done.stderr)
        self.assertIn("ack_after_sync", done.stderr)

    def test_the_seed_is_the_one_asked_for(self):
        path = self.scenario()
        own = json.loads(self.call("run", path, "--json", "--quiet").stdout)
        other = json.loads(self.call("run", path, "--json", "--quiet", "--seed", "8").stdout)
        self.assertEqual((own["seed"], other["seed"]), (7, 8))
        self.assertNotEqual(own["digest"], other["digest"])

    def test_every_seed_of_64_bits_is_kept_and_replayed(self):
        out = self.root / "out"
        seed = 2**64 - 1
        self.call("run", self.scenario(), "--seed", str(seed), "--out", str(out), "--quiet")
        result = json.loads((out / "result.json").read_text(encoding="utf-8"))
        self.assertEqual(result["seed"], seed)
        self.assertIn(f'seed = "{seed}"\n', result["scenario_toml"])
        self.assertIn("THE SAME RUN", self.call("replay", str(out)).stdout)
        self.assertIn("--seed", self.call("run", self.scenario(), "--seed", str(seed + 1), code=2).stderr)

    def test_several_seeds_print_a_document_on_each_line_and_a_summary(self):
        lines = self.call("run", self.scenario(), "--json", "--seeds", "1..3").stdout.splitlines()
        documents = [json.loads(line) for line in lines]
        self.assertEqual([document["seed"] for document in documents[:-1]], [1, 2, 3])
        summary = documents[-1]["summary"]
        self.assertEqual((summary["runs"], summary["passed"], summary["findings"]), (3, 3, []))
        self.assertEqual(summary["events"], sum(document["events"] for document in documents[:-1]))

    def test_several_passed_runs_are_a_line_each_and_a_summary(self):
        lines = self.call("run", self.scenario(), "--seeds", "1..3").stdout.splitlines()
        for line, seed in zip(lines, (1, 2, 3)):
            self.assertRegex(line, rf"^PASS  small  seed {seed}  digest [0-9a-f]{{16}}$")
        self.assertEqual(lines[3:5], ["", "3 runs: 3 passed, 0 failed, 0 inconclusive"])
        self.assertRegex(lines[5], r"^  [\d,]+ events in ")
        self.assertEqual(len(lines), 6)

    def test_of_runs_that_fail_alike_the_first_is_reported_and_the_rest_counted(self):
        path = self.scenario(BROKEN_EXPECTATION)
        fine = self.scenario(name="fine.toml")
        done = self.call("run", path, fine, "--seeds", "4..6", code=1)
        self.assertEqual(done.stdout.count("NOT AS EXPECTED"), 1)
        self.assertEqual(done.stdout.count("  as before: expected client.ok <= 1 at the end\n"), 2)
        summary = done.stdout[done.stdout.index("6 runs: 3 passed, 3 failed, 0 inconclusive\n"):]
        self.assertIn("FAIL  small  3 runs: expected client.ok <= 1 at the end\n"
                      f"  seeds 4, 5, 6\n  {self.binary} run {path} --seed 4\n", summary)
        lines = self.call("run", path, "--seeds", "4..6", "--json", code=1).stdout.splitlines()
        finding, = json.loads(lines[-1])["summary"]["findings"]
        self.assertEqual((finding["verdict"], finding["runs"], finding["seeds"]), ("fail", 3, [4, 5, 6]))

    def test_a_broken_expectation_is_a_finding_with_its_replay_line(self):
        path = self.scenario(BROKEN_EXPECTATION)
        text = self.call("run", path, "--seed", "9", code=1).stdout
        self.assertIn("NOT AS EXPECTED client.ok <= 1 at the end", text)
        self.assertIn("because: there is more traffic than that", text)
        self.assertIn(f"shardproof run {path} --seed 9", text)

    def test_what_can_be_done_with_a_broken_expectation_is_said_and_works(self):
        path = self.scenario(BROKEN_EXPECTATION)
        text = self.call("run", path, "--seed", "9", code=1).stdout
        self.assertIn(f"Make it small:\n  {self.binary} shrink {path} --seed 9\n", text)
        self.assertIn("Keep it, with its metrics over time (seed-9/series.csv):\n"
                      f"  {self.binary} run {path} --seed 9 --out seed-9\n", text)
        out = self.root / "out"
        kept = self.call("run", path, "--seed", "9", "--out", str(out), code=1).stdout
        self.assertIn(f"How its metrics went over time: {out}/series.csv\n", kept)
        self.assertIn(f"Replay it:\n  {self.binary} replay {out}\n", kept)
        self.assertIn(f"Make it small:\n  {self.binary} shrink {out}\n", kept)
        self.assertTrue(kept.endswith(f"\nResults: {out}\n"), kept)
        self.assertNotIn("Keep it", kept)
        for line in re.findall(r":\n  (/\S+ (?:replay|shrink) .*)\n", kept):
            self.call(*line.split()[1:], code=0 if " shrink " in line else 1)
        document = json.loads((out / "result.json").read_text(encoding="utf-8"))
        self.assertEqual(document["replay"], f"shardproof run {path} --seed 9")

    def test_where_the_results_of_a_run_are_is_said(self):
        out = self.root / "my out"
        text = self.call("run", self.scenario(), "--out", str(out)).stdout
        self.assertTrue(text.endswith(f"\nResults: {out}\n  {self.binary} replay '{out}'\n"), text)
        path = self.scenario(BROKEN_EXPECTATION)
        many = self.call("run", path, "--seeds", "1..2", "--out", str(out), code=1).stdout
        self.assertTrue(many.endswith(f"\n\nResults, of each run in a directory of its own: {out}\n"), many)
        self.assertIn(f"  seeds 1, 2\n  {self.binary} replay '{out}/small-seed-1'\n", many)

    def test_commands_that_are_printed_can_be_pasted_however_the_program_was_called(self):
        tools = self.root / "my tools"
        tools.mkdir()
        (tools / "shardproof").symlink_to(self.binary)
        path = self.scenario(BROKEN_EXPECTATION)

        def text(*words, **options):
            return subprocess.run([*words, "run", path], capture_output=True, text=True, check=False,
                                  timeout=60, **options).stdout

        by_path = text(str(tools / "shardproof"))
        line = re.search(r"Replay it:\n  (.*)\n", by_path).group(1)
        self.assertEqual(line, f"'{tools}/shardproof' run {path} --seed 7")
        again = subprocess.run(["sh", "-c", line], capture_output=True, text=True, check=False, timeout=60)
        self.assertIn(f"Replay it:\n  {line}\n", again.stdout)
        in_path = text("shardproof", env={**os.environ, "PATH": str(tools)})
        self.assertIn(f"Replay it:\n  shardproof run {path} --seed 7\n", in_path)
        out = self.root / "out"
        lines = self.call("run", path, "--out", str(out), "--json", "--seeds", "1..2", code=1).stdout
        self.assertIn(f'"replay":"shardproof run {path} --seed 1"', lines)

    def test_what_sets_a_cluster_up_is_no_command_of_operators(self):
        nodes = ", ".join(f'{{"name": "n{i}"}}' for i in range(3))
        shards = ", ".join(f'{{"name": "{i}", "collection": "shop.orders", "replicas": ["n{i}"], "bytes": 20000}}'
                           for i in range(2))
        self.write("own.json", f'{{"snapshot": 1, "nodes": [{nodes}], "shards": [{shards}]}}')
        path = self.write("from.toml", 'schema = 1\nname = "from"\nduration = "4s"\n[cluster]\n'
                          'from = { snapshot = "own.json" }\n[[traffic]]\nrate = "20/s"\n' + JOIN)
        self.assertIn("operator: 1 command, 1 done, 0 refused\n", self.call("run", path).stdout)

    def test_an_event_that_never_fires_is_inconclusive(self):
        done = self.call("run", self.scenario(NEVER_FIRES), code=3)
        self.assertIn("never fired", done.stdout)

    def test_what_a_name_would_do_to_a_terminal_is_written_out(self):
        path = pathlib.Path(self.scenario())
        text = path.read_text(encoding="utf-8").replace('name = "small"', 'name = "sm\\u001b[2Jall"')
        path.write_text(text, encoding="utf-8")
        done = self.call("run", str(path))
        self.assertIn("PASS  sm\\x1b[2Jall  seed 7", done.stdout)
        self.assertNotIn("\x1b", done.stdout + done.stderr)

    def test_shards_are_named_also_behind_and_in_a_collection_that_starts_unsharded(self):
        more = """
[[collection]]
database = "shop"
name = "carts"
shards = 2
replication_factor = 1
sharded = false
[[collection]]
database = "shop"
name = "users"
shards = 3
replication_factor = 1
[[at]]
time = "200ms"
enable_sharding = { collection = "shop.carts" }
"""
        out = str(self.root / "out")
        path = pathlib.Path(self.scenario(more))
        text = path.read_text(encoding="utf-8").replace("[[traffic]]", '[[traffic]]\ncollection = "shop.orders"')
        path.write_text(text, encoding="utf-8")
        self.call("run", str(path), "--out", out, "--quiet")
        for name, shard in (("shop.orders/3", "s3"), ("shop.users/0", "s5"), ("shop.users/2", "s7"),
                            ("shop.carts/0", "s8"), ("shop.carts/1", "s9")):
            by_name = self.call("explain", "shard", name, "--in", out).stdout
            self.assertEqual(by_name, self.call("explain", "shard", shard, "--in", out).stdout)

    # --- output -------------------------------------------------------------------------------

    def test_the_output_directory_gets_three_whole_files(self):
        out = self.root / "deep" / "out"
        done = self.call("run", self.scenario(), "--out", str(out), "--json")
        self.assertEqual(sorted(p.name for p in out.iterdir()),
                         ["events.jsonl", "result.json", "scopes.csv", "series.csv", "stores.csv"])
        result = json.loads((out / "result.json").read_text(encoding="utf-8"))
        self.assertEqual(result["metrics"], json.loads(done.stdout)["metrics"])
        for line in (out / "events.jsonl").read_text(encoding="utf-8").splitlines():
            self.assertIn("time_ns", json.loads(line))
        self.assertIn("led by", self.call("explain", "shard", "s0", "--in", str(out)).stdout)
        self.assertIn("s99", self.call("explain", "shard", "s99", "--in", str(out), code=2).stderr)
        by_name = self.call("explain", "shard", "shop.orders/3", "--in", str(out)).stdout
        self.assertEqual(by_name, self.call("explain", "shard", "s3", "--in", str(out)).stdout)
        for name, message in (("shop.orders/4", "shop.orders has the shards 0 to 3"),
                              ("shop.order/1", "did you mean shop.orders?"), ("3", "is not a shard like s3")):
            self.assertIn(message, self.call("explain", "shard", name, "--in", str(out), code=2).stderr)
        self.assertIn("--in DIR is missing", self.call("explain", "shard", "s1", code=2).stderr)
        command = f"`{self.binary} list rules`"
        self.assertIn(command, self.call("run", self.scenario(), "--rules-off", "zzzzzzzzz", code=2).stderr)
        self.assertIn("led by", self.call("explain", "shard", "s0", "--in", str(out / "result.json")).stdout)
        self.call("explain", "shard", "s0", "--in", str(self.root / "none"), code=4)
        self.assertIn("--in", self.call("explain", "shard", "s0", code=2).stderr)

    def test_an_output_that_cannot_be_written_is_found_out_before_the_run(self):
        blocked = self.write("file", "x")
        done = self.call("run", self.scenario(), "--out", blocked, code=4)
        self.assertEqual(done.stdout, "")
        self.assertIn(blocked, done.stderr)
        self.assertEqual(pathlib.Path(blocked).read_text(encoding="utf-8"), "x")

    def test_an_empty_output_directory_is_wrong_usage(self):
        self.assertIn("--out", self.call("run", self.scenario(), "--out", "", code=2).stderr)

    def test_a_full_stdout_is_an_error(self):
        if not os.path.exists("/dev/full"):
            self.skipTest("no /dev/full here")
        with open("/dev/full", "w", encoding="utf-8") as full:
            done = subprocess.run([self.binary, "list"], stdout=full, stderr=subprocess.PIPE, check=False)
        self.assertEqual(done.returncode, 4)

    # --- interruption -------------------------------------------------------------------------

    def test_an_interrupted_run_is_said_to_be_partial(self):
        long = SCENARIO.format(more="").replace('"2s"', '"100h"')
        out = self.root / "out"
        process = subprocess.Popen(
            [self.binary, "run", self.write("long.toml", long), "--json", "--out", str(out)],
            stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        while not out.exists() and process.poll() is None:
            time.sleep(0.01)
        time.sleep(0.3)
        process.send_signal(signal.SIGINT)
        printed, told = process.communicate(timeout=60)
        self.assertEqual(process.returncode, 130, told)
        self.assertIn("partial", told)
        document = json.loads(printed)
        self.assertLess(document["simulated_ns"], 100 * 3600 * 10**9)
        result = json.loads((out / "result.json").read_text(encoding="utf-8"))
        self.assertTrue(result["interrupted"])

    def test_of_runs_that_were_never_begun_no_directories_are_left(self):
        long = self.write("long.toml", SCENARIO.format(more="").replace('"2s"', '"100h"'))
        out = self.root / "out"
        process = subprocess.Popen(
            [self.binary, "run", long, "--out", str(out), "--seeds", "1..20", "--quiet"],
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        while not (out / "long-seed-20").exists() and process.poll() is None:
            time.sleep(0.01)
        time.sleep(0.3)
        process.send_signal(signal.SIGINT)
        self.assertEqual(process.wait(timeout=60), 130)
        self.assertEqual([path.name for path in out.iterdir()], ["long-seed-1"])


if __name__ == "__main__":
    cli_testing.main()
