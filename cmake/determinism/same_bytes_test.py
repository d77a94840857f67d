# SPDX-License-Identifier: Apache-2.0
"""The comparison must be able to fail: it is shown programs that differ, fail, or say nothing."""

import pathlib
import subprocess
import sys
import tempfile
import unittest

SCRIPT = pathlib.Path(__file__).with_name("same_bytes.py")


class SameBytes(unittest.TestCase):
    def compare(self, *outputs, code=0):
        """The comparison's exit code for programs with these outputs, of which the last has `code`."""
        with tempfile.TemporaryDirectory() as directory:
            programs = []
            for number, output in enumerate(outputs):
                program = pathlib.Path(directory) / str(number)
                status = code if number == len(outputs) - 1 else 0
                program.write_text(f"#!/bin/sh\necho '{output}'\nexit {status}\n", encoding="utf-8")
                program.chmod(0o755)
                programs.append(str(program))
            command = [sys.executable, str(SCRIPT), "scenario.toml", *programs]
            return subprocess.run(command, capture_output=True, check=False).returncode

    def test_the_same_bytes_pass(self):
        self.assertEqual(self.compare('{"digest": "1"}', '{"digest": "1"}', '{"digest": "1"}'), 0)

    def test_another_digest_fails(self):
        self.assertEqual(self.compare('{"digest": "1"}', '{"digest": "1"}', '{"digest": "2"}'), 1)

    def test_another_metric_fails(self):
        self.assertEqual(self.compare('{"digest": "1", "a": 1}', '{"digest": "1", "a": 2}'), 1)

    def test_no_digest_fails(self):
        self.assertEqual(self.compare("{}", "{}"), 1)

    def test_a_failing_run_fails(self):
        self.assertEqual(self.compare('{"digest": "1"}', '{"digest": "1"}', code=1), 1)

    def test_a_missing_program_fails(self):
        command = [sys.executable, str(SCRIPT), "scenario.toml", "/nonexistent", "/nonexistent"]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        self.assertEqual(done.returncode, 1)
        self.assertIn("./dev test", done.stderr)


if __name__ == "__main__":
    unittest.main()
