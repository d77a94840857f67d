# SPDX-License-Identifier: Apache-2.0
"""Who may include whom: the first law of the architecture, as a table."""

import re

import sources

STANDARD = r"<[a-z_0-9]+>"
FMT = r"<fmt/\w+\.h>"
BOOST = r"<boost/.+\.hpp>"
JSON = r"<nlohmann/json(_fwd)?\.hpp>"
POSIX = r"<[a-z_]+\.h>|<(sys|linux)/\w+\.h>"
TESTING = r"<(gtest|gmock|rapidcheck|rapidcheck/\w+)(/\w+)?(\.h|\.hpp)>"
BENCHMARK = r"<benchmark/benchmark\.h>"


def own(*rooms):
    return '"(' + "|".join(rooms) + r')/[\w/]+\.hpp"'


# The first row whose pattern matches a file's path holds for it: nothing else may be included.
ROOMS = [
    (r"core/base/stable_hash\.cpp", [STANDARD, FMT, own("core/base"), r"<xxhash\.h>"]),
    (r"core/base/", [STANDARD, FMT, own("core/base")]),
    (r"core/distribution/keys/hash/md5\.cpp", [STANDARD, own("core"), r"<md5\.h>"]),
    (r"core/", [STANDARD, FMT, BOOST, own("core")]),
    (r"sim/kernel/", [STANDARD, FMT, own("core/base", "sim/kernel")]),
    (r"sim/observe/", [STANDARD, FMT, own("core", "sim/kernel", "sim/observe")]),
    (r"sim/check/", [STANDARD, FMT, BOOST, own("core", "sim/kernel", "sim/observe", "sim/check")]),
    (r"sim/history/", [STANDARD, FMT, own("core", "sim/observe", "sim/history")]),
    (r"sim/scenario/\w+\.cpp", [STANDARD, FMT, BOOST, own("core", "sim"), r"<toml\+\+/toml\.h>"]),
    (r"sim/input/json_records\.cpp", [STANDARD, FMT, JSON, own("core", "sim")]),
    (r"sim/input/\w+\.cpp", [STANDARD, FMT, BOOST, own("core", "sim"), r"<zlib\.h>"]),
    (r"sim/", [STANDARD, FMT, BOOST, own("core", "sim")]),
    (r"reports/", [STANDARD, FMT, JSON, own("core/base", "sim/observe", "reports")]),
    (r"cli/(\w+_options|options|option_words)\.cpp", [STANDARD, FMT, POSIX, own("core", "sim", "reports", "cli"), r"<CLI/.+\.hpp>"]),
    (r"cli/", [STANDARD, FMT, JSON, POSIX, own("core", "sim", "reports", "cli")]),
    (r"property_tests/readers/memory_file\.cpp", [STANDARD, FMT, POSIX, own("core/base", "property_tests")]),
    (r"property_tests/", [STANDARD, FMT, JSON, own("core", "sim", "reports", "property_tests")]),
    (r"bench/peers/", [r".*"]),
    (r"bench/", [STANDARD, FMT, POSIX, BENCHMARK, own("core", "sim", "reports", "bench")]),
]

INCLUDE = re.compile(r'^[ \t]*#[ \t]*include[ \t]*(<[^>\n]*>|"[^"\n]*")', re.MULTILINE)


def allowed_includes(path):
    for room, allowed in ROOMS:
        if re.match(room, path):
            return allowed + [TESTING] if sources.is_test(path) else allowed
    return None


def may_include_tests(path):
    """Benchmarks drive the product with the tests' own stories."""
    return sources.is_test(path) or path.startswith("bench/")


def check_file(path, text):
    allowed = allowed_includes(path)
    if allowed is None:
        return [sources.Finding(path, 1, "no rule says what this directory may include")]
    findings = []
    for match in INCLUDE.finditer(text):
        included = match.group(1)
        line = text.count("\n", 0, match.start()) + 1
        if not any(re.fullmatch(pattern, included) for pattern in allowed):
            findings.append(sources.Finding(path, line, f"may not include {included}"))
        elif sources.is_test(included[1:-1]) and included[0] == '"' and not may_include_tests(path):
            findings.append(sources.Finding(path, line, f"may not include the test {included}"))
    return findings


def check(root):
    findings = []
    for path in sources.files(root):
        if path.endswith(sources.CPP_SUFFIXES) and not path.startswith("cmake/"):
            findings += check_file(path, sources.read(root, path))
    return findings, []


if __name__ == "__main__":
    sources.main(__doc__, check)
