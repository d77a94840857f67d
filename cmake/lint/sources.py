# SPDX-License-Identifier: Apache-2.0
"""What both linters share: the repository's files, and C++ text without comments and literals."""

import argparse
import dataclasses
import os
import pathlib
import re
import sys

CPP_SUFFIXES = (".cpp", ".hpp")
SKIPPED_DIRECTORIES = {".git", "build", "results", "__pycache__"}

_COMMENT_OR_LITERAL = re.compile(
    r'R"(?P<delimiter>[^\s()\\]{0,16})\((?:.|\n)*?\)(?P=delimiter)"'
    r"|//[^\n]*"
    r"|/\*(?:.|\n)*?\*/"
    r'|"(?:\\.|[^"\\\n])*"'
    # A quote after a hexadecimal digit separates digits.
    r"|(?<![0-9A-Fa-f])'(?:\\.|[^'\\\n])+'"
)


@dataclasses.dataclass(frozen=True, order=True)
class Finding:
    path: str
    line: int
    text: str

    def __str__(self):
        return f"{self.path}:{self.line}: {self.text}"


def files(root):
    """Every file below root as a path relative to it with forward slashes, sorted."""
    found = []
    for directory, subdirectories, names in os.walk(root):
        subdirectories[:] = sorted(set(subdirectories) - SKIPPED_DIRECTORIES)
        relative = pathlib.PurePath(os.path.relpath(directory, root))
        found += [(relative / name).as_posix() for name in names]
    return sorted(found)


def read(root, path):
    return (pathlib.Path(root) / path).read_text(encoding="utf-8", errors="replace")


def is_test(path):
    """Whether only tests may include this file."""
    name = path.rsplit("/", 1)[-1]
    return path.startswith("property_tests/") or re.search(r"(^|_)test(ing|_|\.)", name) is not None


def code_only(text):
    """The text with comments and the inside of literals blanked out; lines keep their numbers."""

    def blank(match):
        newlines = "\n" * match.group().count("\n")
        return f'""{newlines}' if '"' in match.group()[:2] else f" {newlines}"

    return _COMMENT_OR_LITERAL.sub(blank, text)


def main(description, check):
    """Runs check(root), which returns (findings, warnings), and exits 1 if there are findings."""
    parser = argparse.ArgumentParser(description=description)
    parser.add_argument("--root", default=".", help="the repository (default: here)")
    findings, warnings = check(parser.parse_args().root)
    for warning in sorted(warnings):
        print(f"warning: {warning}")
    for finding in sorted(findings):
        print(finding)
    sys.exit(1 if findings else 0)
