# SPDX-License-Identifier: Apache-2.0
"""Words that would make two runs differ, machine paths, missing licence lines, long files.

Two markers, each a comment, make an exception visible where it stands:
  // lint: keyed access only   a std::unordered_ container on this line is never iterated over
  // lint: reporting only      floating point on this line, or in the whole file if the comment is a
                               line of its own among the first ten, never reaches a decision
"""

import re

import sources

KEYED_ACCESS = "// lint: keyed access only"
REPORTING = "// lint: reporting only"
LINES_MAX = 500

# (pattern, why), for core/ and sim/.
NONDETERMINISM = [
    (r"\bstd::hash\b", "std::hash differs between libraries: use stable_hash"),
    (r"\bstd::(random_)?shuffle\b", "the order is the library's choice: shuffle with Random"),
    (r"\bstd::\w+_distribution\b", "the values are the library's choice: draw from Random"),
    (r"\brandom_device\b|\bmt19937\w*|\bdefault_random_engine\b", "draw from Random"),
    (r"\b(std::)?s?rand\s*\(", "draw from Random"),
    (r"\b\w+_clock::now\b|\b(system|steady|high_resolution)_clock\b", "no wall clock"),
    (r"(\bstd|(?<!\w))::time\s*\(|\btime\s*\(\s*(nullptr|NULL|0)\s*\)", "no wall clock"),
    (r"\bclock_gettime\b|\bgettimeofday\b|\b__(DATE|TIME|TIMESTAMP)__\b", "no wall clock"),
    (r"\bstd::(j?thread|this_thread|async|mutex|condition_variable)\b|\bthread_local\b", "no threads"),
    (r"\bgetenv\b", "no environment"),
    (r"\bstd::locale\b|\bsetlocale\b", "no locale"),
    (r"\bstd::(multi)?(map|set)<\s*(const\s+)?[\w:]+\s*\*", "a pointer is not a key"),
    (r"\bboost::(unordered\w*|hash\w*)\b", "no library's hash: use stable_hash"),
    (r"\b(listS|setS|hash_setS|multisetS)\b", "Boost.Graph with vecS"),
]
BANNED_HEADER = re.compile(
    r"#\s*include\s*<(random|chrono|ctime|thread|mutex|future|locale|condition_variable)>")
UNORDERED = re.compile(r"\bstd::unordered_\w+\s*<|\bunordered_flat_\w+\s*<")
FLOATING = re.compile(r"\b(float|double)\b")
SHORT_NAMES = re.compile(r"\b(src|dst)(_\w*)?\b")
DECLARED_NAME = re.compile(r"(\w+)\s*(?:;|=|\{[^}]*\}\s*;)\s*$")
MACHINE_PATH = re.compile(r"(?<![\w.)}*-])/(home|root|work|Users)/[\w.]")
LICENCE = "SPDX-License-Identifier: Apache-2.0"
LICENSED = re.compile(r"\.(cpp|hpp|py|sh|cmake|js|css)$|(^|/)CMakeLists\.txt$|^dev$|^\.ci/run$")


def marked(lines, number, marker):
    """Whether line `number` (from 1) bears the marker."""
    return marker in lines[number - 1]


def keyed_names(lines, code):
    """The names of the containers declared on lines that promise keyed access only."""
    names = set()
    for number, line in enumerate(code, 1):
        if marked(lines, number, KEYED_ACCESS):
            names.update(DECLARED_NAME.findall(line.rstrip()))
    return names


def check_determinism(path, text):
    lines, code = text.split("\n"), sources.code_only(text).split("\n")
    reporting_file = REPORTING in [line.strip() for line in lines[:10]]
    floats_allowed = reporting_file or not path.startswith("core/") or sources.is_test(path)
    for number, line in enumerate(code, 1):
        for pattern, why in NONDETERMINISM:
            for match in re.finditer(pattern, line):
                yield number, f"'{match.group().strip()}': {why}"
        if BANNED_HEADER.search(line):
            yield number, f"'{line.strip()}': nothing in it is the same everywhere"
        if UNORDERED.search(line) and not marked(lines, number, KEYED_ACCESS):
            yield number, f"unordered container: order it, or mark it '{KEYED_ACCESS}'"
        if FLOATING.search(line) and not floats_allowed and not marked(lines, number, REPORTING):
            yield number, f"floating point: use integers and Ratio, or mark it '{REPORTING}'"


def check_keyed_access(names, text):
    """Iteration over a container that promised not to be iterated over."""
    for number, line in enumerate(sources.code_only(text).split("\n"), 1):
        for name in sorted(names):
            if re.search(rf"\bfor\s*\(.*:\s*([\w.]+(\.|->))?{name}\s*\)", line) or re.search(
                    rf"\b{name}\.c?begin\s*\(", line):
                yield number, f"iterates over '{name}', which is marked '{KEYED_ACCESS}'"


def check_text(path, text):
    if LICENSED.search(path) and LICENCE not in "\n".join(text.split("\n")[:2]):
        yield 1, f"the first line must say '{LICENCE}'"
    for number, line in enumerate(text.split("\n"), 1):
        if MACHINE_PATH.search(line):
            yield number, "a path of one machine"
    if path.endswith(sources.CPP_SUFFIXES):
        for number, line in enumerate(sources.code_only(text).split("\n"), 1):
            if SHORT_NAMES.search(line):
                yield number, "say source and target, whole"


def check(root):
    findings, warnings, simulated = [], [], {}
    for path in sources.files(root):
        text = sources.read(root, path)
        if "\0" in text:
            continue
        problems = list(check_text(path, text))
        if path.startswith(("core/", "sim/")) and path.endswith(sources.CPP_SUFFIXES):
            problems += check_determinism(path, text)
            simulated[path] = text
        findings += [sources.Finding(path, *problem) for problem in problems]
        length = text.count("\n")
        if path.endswith(sources.CPP_SUFFIXES) and length > LINES_MAX:
            warnings.append(f"{path}: {length} lines, more than {LINES_MAX}: is it one idea?")
    return findings + check_pairs(simulated), warnings


def check_pairs(texts):
    """A container is declared in a header and used in the source beside it: looks at both."""
    names = {}
    for path, text in texts.items():
        code = sources.code_only(text).split("\n")
        names.setdefault(path[:-4], set()).update(keyed_names(text.split("\n"), code))
    return [sources.Finding(path, *problem)
            for path, text in texts.items()
            for problem in check_keyed_access(names[path[:-4]], text)]


if __name__ == "__main__":
    sources.main(__doc__, check)
