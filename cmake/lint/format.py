# SPDX-License-Identifier: Apache-2.0
"""C++ sources that are not as `./dev fmt` would write them."""

import re
import subprocess

import sources

WARNING = re.compile(r"^(?P<path>[^:]+):(?P<line>\d+):\d+: warning: code should be clang-formatted")


def check(root):
    paths = [path for path in sources.files(root) if path.endswith(sources.CPP_SUFFIXES)]
    if not paths:
        return [], []
    told = subprocess.run(["clang-format", "--dry-run", *paths], cwd=root, text=True,
                          stderr=subprocess.PIPE, check=True).stderr
    first_lines = {}
    for match in filter(None, map(WARNING.match, told.splitlines())):
        first_lines.setdefault(match["path"], int(match["line"]))
    findings = [sources.Finding(path, line, "not formatted: run ./dev fmt")
                for path, line in first_lines.items()]
    return findings, []


if __name__ == "__main__":
    sources.main(__doc__, check)
