# SPDX-License-Identifier: Apache-2.0
"""Each safety rule of the catalogue is needed: its scenario passes, and fails without the rule.

usage: rules_test.py BINARY [unittest options], in the repository's root
"""

import json
import pathlib
import re
import subprocess
import sys
import unittest

BINARY = ""
SCENARIOS = pathlib.Path("scenarios/rules")
REFERENCE = pathlib.Path("docs/rules.md")
# Most scenarios show it at any seed, some need the right moment.
SEEDS = range(1, 11)


def call(*arguments):
    command = [BINARY, *map(str, arguments)]
    return subprocess.run(command, capture_output=True, text=True, check=False)


def catalogue():
    """Of each rule: name, statement, what goes wrong without it, the invariants that fall first."""
    rules = []
    for name, statement in re.findall(r"^  (\w+)  +(.*)", call("list", "rules").stdout, flags=re.M):
        text = call("explain", "rule", name).stdout
        without = re.search(r"without it: (.*)", text).group(1)
        falls = re.search(r"falls first: (.*)", text)
        numbers = re.findall(r"\d+", falls.group(1)) if falls else []
        rules.append((name, statement, without, [int(number) for number in numbers]))
    return rules


class Rules(unittest.TestCase):
    def verdict(self, name, *options):
        done = call("run", SCENARIOS / f"{name}.toml", "--json", "--quiet", *options)
        self.assertIn(done.returncode, (0, 1), done.stdout + done.stderr)
        return done.returncode, json.loads(done.stdout)

    def first_failure(self, name):
        """The verdict of the first seed that fails without the rule. With it, each of them passes."""
        for seed in SEEDS:
            code, passed = self.verdict(name, "--seed", seed)
            self.assertEqual((code, passed["rules_off"]), (0, []), passed["violations"])
            code, verdict = self.verdict(name, "--seed", seed, "--rules-off", name)
            self.assertEqual(verdict["rules_off"], [name])
            if code == 1:
                return verdict
        return self.fail(f"nothing goes wrong without {name} at the seeds {SEEDS}")

    def check(self, name, falls):
        failed = self.first_failure(name)
        broken = [violation["invariant"] for violation in failed["violations"]]
        if falls:
            self.assertIn(broken[0], falls, failed["violations"][0]["message"])
        else:
            self.assertEqual(broken, [])
            self.assertIn(False, [expectation["held"] for expectation in failed["expectations"]])

    def test_each_is_needed_by_its_scenario(self):
        rules = catalogue()
        self.assertGreater(len(rules), 40)
        for name, _, _, falls in rules:
            with self.subTest(rule=name):
                self.check(name, falls)

    def test_each_has_a_scenario(self):
        named = [path.stem for path in SCENARIOS.glob("*.toml")]
        self.assertEqual(sorted(named), sorted(rule[0] for rule in catalogue()))

    def test_the_documentation_lists_what_there_is(self):
        shown = re.findall(r"^\| `.*", REFERENCE.read_text(encoding="utf-8"), flags=re.M)
        rows = [f"| `{name}` | {statement} | {without} | {', '.join(map(str, falls)) or '-'} |"
                for name, statement, without, falls in catalogue()]
        self.assertEqual(shown, rows)


if __name__ == "__main__":
    BINARY = str(pathlib.Path(sys.argv.pop(1)).absolute())
    unittest.main()
