# SPDX-License-Identifier: Apache-2.0
"""What the tests of the command line share: scenarios, and how the program is called."""

import os
import pathlib
import subprocess
import sys
import tempfile
import unittest

SCENARIO = """\
schema = 1
name = "small"
seed = 7
duration = "2s"
[cluster]
nodes = 3
[[collection]]
database = "shop"
name = "orders"
shards = 4
replication_factor = 2
documents = {{ count = 50, size = "256B" }}
[[traffic]]
rate = "100/s"
clients = 4
mix = {{ read = 0.5, replace = 0.5 }}
{more}
"""
BROKEN_EXPECTATION = """
[[expect]]
metric = "client.ok"
max = 1
because = "there is more traffic than that"
"""
JOIN = """
[[at]]
time = "1s"
join = { nodes = 1 }
"""
NEVER_FIRES = """
[[when]]
condition = "nodes.total >= 50"
crash = { node = 0 }
"""


class CommandLine(unittest.TestCase):
    """Calls the program, in a directory of its own."""

    binary = ""

    def setUp(self):
        self._directory = tempfile.TemporaryDirectory()
        self.root = pathlib.Path(self._directory.name)

    def tearDown(self):
        self._directory.cleanup()

    def write(self, name, text):
        path = self.root / name
        path.write_text(text, encoding="utf-8")
        return str(path)

    def scenario(self, more="", name="small.toml"):
        return self.write(name, SCENARIO.format(more=more))

    def call(self, *arguments, code=0, **options):
        done = subprocess.run([self.binary, *arguments], capture_output=True, text=True, check=False,
                              timeout=60, **options)
        self.assertEqual(done.returncode, code, f"{arguments}\n{done.stdout}\n{done.stderr}")
        return done


def main():
    """Runs the caller's tests; the first argument is the program, others are names of tests."""
    CommandLine.binary = os.path.abspath(sys.argv.pop(1))
    unittest.main(module="__main__")
