# SPDX-License-Identifier: Apache-2.0
"""Random streams that the simulated world keeps and nobody can count or put another in place of.

Who makes a stream ("component", entity, "purpose") has to show it under that name by on_stream.
One marker, a comment on the line or the one before, makes an exception visible where it stands:
  // lint: stream not shown   it is drawn from at once and thrown away, or made anew with its source
"""

import re

import sources

NOT_SHOWN = "// lint: stream not shown"
MADE = re.compile(r'(?<!on_)\bstream\(\s*"(?P<component>\w+)",[^;]*?(?:"(?P<purpose>\w+)"|\bpurpose)\s*\)')
SHOWN = re.compile(r'\bon_stream\(\s*"(?P<component>\w+)",[^;]*?"(?P<purpose>\w+)",')


def is_world(path):
    return path.startswith("sim/") and path.endswith(sources.CPP_SUFFIXES) and not sources.is_test(path)


def is_marked(text, place):
    """Whether the statement that begins at or above `place` bears the marker."""
    lines = text[:text.find("\n", place)].splitlines()
    return any(NOT_SHOWN in line for line in lines[-3:])


def check_texts(texts):
    """Findings for a mapping from paths to texts."""
    shown = set()
    for text in texts.values():
        shown.update((match["component"], match["purpose"]) for match in SHOWN.finditer(text))
    components = {component for component, _ in shown}
    findings = []
    for path, text in texts.items():
        for match in MADE.finditer(text):
            name = match["component"], match["purpose"]
            is_shown = name in shown if name[1] else name[0] in components
            if is_shown or is_marked(text, match.start()):
                continue
            line = text.count("\n", 0, match.start()) + 1
            what = ".".join(filter(None, name))
            findings.append(sources.Finding(path, line, f"no visit_streams shows the stream {what}"))
    return findings


def check(root):
    return check_texts({path: sources.read(root, path)
                        for path in sources.files(root) if is_world(path)}), []


if __name__ == "__main__":
    sources.main(__doc__, check)
