# SPDX-License-Identifier: Apache-2.0
"""Each accident of docs/pathologies.md happens with what caused it, and does not without.

usage: pathologies_test.py BINARY [unittest options], in the repository's root; with
SHARDPROOF_PATHOLOGIES=scenarios/scale of the large tier, whose scenarios take longer

A scenario says in comments what makes it fail, and which expectation or invariant then does:

    # fails with: policy.rebalance = "ancestor" => migration.count
    # fails with: rules_off = ["planned_moves_count"] => invariant 13

and, where the catalogue asks for a sweep, what it has to pass with as well:

    # passes with: policy.limits = { moves_per_node = 20 }

Several settings are separated by ";". A setting is the name of a table of which there is one, a
key of it and a value in TOML; without a table it is one of the run's.
"""

import json
import os
import pathlib
import re
import subprocess
import sys
import tempfile
import unittest

BINARY = ""
SCENARIOS = pathlib.Path(os.environ.get("SHARDPROOF_PATHOLOGIES", "scenarios/pathologies"))
REFERENCE = pathlib.Path("docs/pathologies.md")
NUMBERS = range(1, 29)
# What passes must do so at each of them; what fails may need the right moment.
SEEDS = (1, 2, 3)
SECONDS = 60 if SCENARIOS.name == "pathologies" else 900


def call(*arguments):
    command = [BINARY, *map(str, arguments)]
    return subprocess.run(command, capture_output=True, text=True, check=False, timeout=SECONDS)


def comments(path, keyword):
    text = path.read_text(encoding="utf-8")
    return re.findall(rf"^# {keyword}: (.*)$", text, flags=re.M)


def with_setting(text, setting):
    """The resolved scenario with another value for one key. Misspelt ones the reader refuses."""
    name, value = (part.strip() for part in setting.split("=", 1))
    table, _, key = name.rpartition(".")
    start = text.index(f"\n[{table}]\n") + len(table) + 4 if table else 0
    end = text.find("\n[", start)
    line = re.compile(rf"^{re.escape(key)} = .*\n", flags=re.M)
    section = line.sub("", text[start:end])
    return f"{text[:start]}{key} = {value}\n{section}{text[end:]}"


def resolved(path, settings=""):
    done = call("check", "--resolved", path)
    if done.returncode != 0:
        raise ValueError(done.stdout + done.stderr)
    text = done.stdout
    for setting in filter(None, map(str.strip, settings.split(";"))):
        text = with_setting(text, setting)
    return text


def row(path):
    """What the reference says of it: number, name, what went wrong where, what fails by what."""
    text = path.read_text(encoding="utf-8")
    about = json.loads(re.search(r"^about += (.*)$", text, flags=re.M)[1])
    causes = [re.sub(r"(.*) => (.*)", r"`\1`: `\2`", line) for line in comments(path, "fails with")]
    number = int(path.stem.split("_")[0])
    return f"| {number} | `{path.stem}` | {about} | {'<br>'.join(causes)} |"


class Pathologies(unittest.TestCase):
    def verdict(self, path, settings, seed):
        with tempfile.TemporaryDirectory() as directory:
            changed = pathlib.Path(directory) / path.name
            changed.write_text(resolved(path, settings), encoding="utf-8")
            done = call("run", changed, "--json", "--quiet", "--seed", seed)
        self.assertIn(done.returncode, (0, 1), f"{path} {settings}\n{done.stdout}{done.stderr}")
        return json.loads(done.stdout)

    def failed(self, verdict):
        # What is violated while the cluster is set up is not the accident.
        broken = [f"invariant {violation['invariant']}" for violation in verdict["violations"]
                  if violation["time_ns"] > 0]
        return broken + [claim["metric"] for claim in verdict["expectations"] if not claim["held"]]

    def passes(self, path, settings=""):
        for seed in SEEDS:
            verdict = self.verdict(path, settings, seed)
            self.assertEqual((verdict["verdict"], self.failed(verdict)), ("pass", []),
                             f"{path} with {settings or 'nothing'}, seed {seed}")

    def fails(self, path, line):
        settings, claim = (part.strip() for part in line.split("=>"))
        seen = set()
        for seed in SEEDS:
            seen.update(self.failed(self.verdict(path, settings, seed)))
            if claim in seen:
                return claim
        return self.fail(f"{path} with {settings}: {claim} holds, what fails is {sorted(seen)}")

    def test_each_happens_by_its_cause_and_not_without(self):
        for path in sorted(SCENARIOS.glob("*.toml")):
            with self.subTest(pathology=path.stem):
                self.passes(path)
                for line in comments(path, "passes with"):
                    self.passes(path, line)

                causes = comments(path, "fails with")
                self.assertTrue(causes, f"{path} names nothing that it fails with")
                for line in causes:
                    self.fails(path, line)

    def test_each_of_the_catalogue_is_there_or_says_why_not(self):
        numbers = [int(path.stem.split("_")[0]) for path in SCENARIOS.glob("*.toml")]
        table = REFERENCE.read_text(encoding="utf-8").partition("## Not reproducible")[2]
        table = table.partition("\n## ")[0]
        missing = [int(number) for number in re.findall(r"^\| (\d+) \|", table, flags=re.M)]
        self.assertEqual(sorted(numbers + missing), list(NUMBERS))

    def test_the_documentation_lists_what_there_is(self):
        shown = re.findall(r"^\| \d+ \| `.*", REFERENCE.read_text(encoding="utf-8"), flags=re.M)
        self.assertEqual(shown, [row(path) for path in sorted(SCENARIOS.glob("*.toml"))])


if __name__ == "__main__":
    BINARY = str(pathlib.Path(sys.argv.pop(1)).absolute())
    unittest.main()
