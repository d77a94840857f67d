# SPDX-License-Identifier: Apache-2.0
"""What is told when the program itself dies in a run.

usage: crash_test.py BINARY [test names]
"""

import json
import os
import pathlib
import signal
import subprocess
import time

import cli_testing
from cli_testing import SCENARIO


def cpu_seconds(process):
    """Of a process that is there; 0 of one that is not."""
    try:
        fields = pathlib.Path(f"/proc/{process}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()
    except OSError:
        return 0
    return int(fields[11]) / os.sysconf("SC_CLK_TCK")


def children_of(process):
    path = pathlib.Path(f"/proc/{process}/task/{process}/children")
    return [int(child) for child in path.read_text(encoding="utf-8").split()]


class CrashTest(cli_testing.CommandLine):
    def long_scenario(self):
        return self.write("long.toml", SCENARIO.format(more="").replace('"2s"', '"20000s"'))

    def kill(self, program, victims):
        """The first of those that `victims()` names which has simulated for a while, by a planted fault."""
        deadline = time.monotonic() + 60
        while time.monotonic() < deadline:
            busy = [process for process in victims() if cpu_seconds(process) >= 0.3]
            if busy:
                os.kill(busy[0], signal.SIGSEGV)
                return program.communicate(timeout=60)
            time.sleep(0.01)
        program.kill()
        return self.fail("nobody simulates")

    def start(self, *arguments):
        return subprocess.Popen([self.binary, *arguments], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)

    def assert_dies(self, *arguments):
        with self.start(*arguments) as program:
            told = self.kill(program, lambda: [program.pid])[1]
        self.assertEqual(program.returncode, -signal.SIGSEGV)
        return told

    def test_a_run_that_dies_says_where_and_how_to_see_more(self):
        path = self.long_scenario()
        told = self.assert_dies("run", path, "--seed", "3", "--quiet")
        self.assertRegex(told, r"^shardproof: killed by signal 11: Segmentation fault\n"
                               r"  at \d+\.\d{9}s, (after )?event [\d,]+: .*\n"
                               rf"Replay it:\n  {self.binary} run {path} --seed 3\n"
                               rf"See what led there:\n  {self.binary} replay {path} --seed 3 --around \d+ --after 0\n"
                               rf"Make it small:\n  {self.binary} shrink {path} --seed 3\n$")

    def test_so_does_a_replay_and_the_run_of_one_seed(self):
        path = self.long_scenario()
        told = self.assert_dies("replay", path, "--quiet")
        self.assertIn(f"Replay it:\n  {self.binary} replay {path}\n", told)
        told = self.assert_dies("fuzz", path, "--seed", "1", "--quiet")
        self.assertIn(f"Replay it:\n  {self.binary} fuzz {path} --seed 1\n", told)

    def test_a_child_of_a_campaign_that_dies_is_a_finding_that_says_where(self):
        path = self.long_scenario()
        out = self.root / "kept"
        with self.start("fuzz", path, "--seeds", "1..1", "--out", str(out), "--json", "--quiet") as program:
            answer = self.kill(program, lambda: children_of(program.pid))[0]
        self.assertEqual(program.returncode, 1)
        finding = json.loads(answer)["findings"][0]
        self.assertEqual(finding["fingerprint"], "process killed by signal 11: Segmentation fault")
        self.assertRegex(finding["message"],
                         r"^the run gave no answer; it ended at \d+\.\d{9}s, (after )?event [\d,]+: ")
        merged = json.loads(self.call("fuzz", "--merge", str(out), "--json", code=1).stdout)
        self.assertEqual(merged["findings"][0]["message"], finding["message"])


if __name__ == "__main__":
    cli_testing.main()
