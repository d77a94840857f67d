# SPDX-License-Identifier: Apache-2.0
"""Runs one scenario with several binaries; exits 1 unless all pass and print the same bytes.

usage: same_bytes.py SCENARIO BINARY BINARY...
"""

import difflib
import json
import os
import subprocess
import sys


def run(binary, scenario):
    """What `run --json` prints, or exits with its complaint."""
    try:
        done = subprocess.run([binary, "run", scenario, "--json", "--quiet"], capture_output=True,
                              text=True, check=False)
    except OSError as error:
        sys.exit(f"{binary}: {error.strerror}; `./dev test` builds it")
    if done.returncode != 0:
        sys.exit(f"{binary} run {scenario}: exit code {done.returncode}\n{done.stdout}{done.stderr}")
    digest = json.loads(done.stdout).get("digest")
    if not digest:
        sys.exit(f"{binary} run {scenario}: no digest in its output\n{done.stdout}")
    return done.stdout


def main():
    if len(sys.argv) < 4:
        sys.exit(__doc__)
    scenario, binaries = sys.argv[1], sys.argv[2:]
    first = run(binaries[0], scenario)
    for binary in binaries[1:]:
        other = run(binary, scenario)
        if other != first:
            difference = difflib.unified_diff(first.splitlines(), other.splitlines(), binaries[0],
                                              binary, lineterm="", n=0)
            sys.exit(f"{scenario}: not the same bytes\n" + os.linesep.join(difference))


if __name__ == "__main__":
    main()
