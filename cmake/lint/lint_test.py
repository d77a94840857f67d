# SPDX-License-Identifier: Apache-2.0
"""A linter that cannot fail is worthless: each rule is shown a violation and its nearest good twin."""

import pathlib
import tempfile
import unittest

import format
import layering
import sources
import streams
import words

LICENCE = "// SPDX-License-Identifier: Apache-2.0\n"


def lint(linter, tree):
    """The findings of a linter on a tree given as {path: text}, as strings."""
    with tempfile.TemporaryDirectory() as root:
        for path, text in tree.items():
            file = pathlib.Path(root) / path
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(text, encoding="utf-8")
        findings, warnings = linter.check(root)
    return [str(finding) for finding in sorted(findings)], warnings


class Format(unittest.TestCase):
    STYLE = {".clang-format": "BasedOnStyle: Google\n"}

    def test_a_file_is_named_once_with_the_first_line_to_change(self):
        findings, _ = lint(format, self.STYLE | {"core/a.cpp": "int a;\nint  b;\nint  c;\n"})
        self.assertEqual(findings, ["core/a.cpp:2: not formatted: run ./dev fmt"])

    def test_formatted_sources_pass(self):
        findings, _ = lint(format, self.STYLE | {"core/a.cpp": "int a;\n"})
        self.assertEqual(findings, [])


class Streams(unittest.TestCase):
    MADE = 'Part::Part(Streams streams) : luck_(streams.stream("part", 0, "luck")) {}\n'

    def test_a_stream_that_is_kept_and_not_shown_is_named(self):
        findings, _ = lint(streams, {"sim/part.cpp": "\n" + self.MADE})
        self.assertEqual(findings, ["sim/part.cpp:2: no visit_streams shows the stream part.luck"])

    def test_it_has_to_be_shown_under_its_own_name(self):
        shown = 'visitor.on_stream("part", 0, "error", luck_);\n'
        self.assertEqual(len(lint(streams, {"sim/part.cpp": self.MADE + shown})[0]), 1)

    def test_what_is_shown_anywhere_passes(self):
        shown = 'visitor.on_stream("part", 0,\n                  "luck", luck_);\n'
        tree = {"sim/part.cpp": self.MADE, "sim/part.hpp": shown}
        self.assertEqual(lint(streams, tree)[0], [])

    def test_what_is_thrown_away_at_once_says_so(self):
        marked = "// lint: stream not shown\n" + self.MADE
        self.assertEqual(lint(streams, {"sim/part.cpp": marked})[0], [])

    def test_tests_and_other_rooms_keep_what_they_like(self):
        tree = {"sim/part_test.cpp": self.MADE, "core/part.cpp": self.MADE}
        self.assertEqual(lint(streams, tree)[0], [])


class Layering(unittest.TestCase):
    def assert_refused(self, path, include):
        findings, _ = lint(layering, {path: f"{LICENCE}\n#include {include}\n"})
        self.assertEqual(findings, [f"{path}:3: may not include {include}"])

    def assert_allowed(self, path, include):
        findings, _ = lint(layering, {path: f"{LICENCE}#include {include}\n"})
        self.assertEqual(findings, [])

    def test_core_knows_nothing_of_the_world(self):
        self.assert_refused("core/node.cpp", '"sim/clock.hpp"')
        self.assert_refused("core/node.hpp", '"reports/skew.hpp"')
        self.assert_refused("core/node.hpp", "<nlohmann/json.hpp>")
        self.assert_refused("core/node.hpp", "<unistd.h>")
        self.assert_refused("core/distribution/placement/ring.cpp", '"cli/run.hpp"')
        for include in ('"core/base/ids.hpp"', "<vector>", "<fmt/format.h>",
                        "<boost/graph/adjacency_list.hpp>"):
            self.assert_allowed("core/node.cpp", include)

    def test_base_stands_below_the_rest_of_core(self):
        self.assert_refused("core/base/ids.hpp", '"core/messages.hpp"')
        self.assert_refused("core/base/ids.hpp", "<boost/optional.hpp>")

    def test_xxhash_has_one_user(self):
        self.assert_allowed("core/base/stable_hash.cpp", "<xxhash.h>")
        self.assert_refused("core/base/stable_hash.hpp", "<xxhash.h>")
        self.assert_refused("core/router.cpp", "<xxhash.h>")

    def test_libmd_has_one_user(self):
        self.assert_allowed("core/distribution/keys/hash/md5.cpp", "<md5.h>")
        self.assert_refused("core/distribution/keys/hash/md5.hpp", "<md5.h>")
        self.assert_refused("core/distribution/keys/ketama.cpp", "<md5.h>")

    def test_the_kernel_knows_no_sharding(self):
        self.assert_allowed("sim/kernel/scheduler.cpp", '"core/base/random.hpp"')
        self.assert_refused("sim/kernel/scheduler.cpp", '"core/node.hpp"')
        self.assert_refused("sim/kernel/scheduler.cpp", '"sim/network.hpp"')

    def test_checkers_see_facts_and_not_the_world(self):
        self.assert_allowed("sim/check/single_owner.hpp", '"sim/observe/facts.hpp"')
        self.assert_refused("sim/check/single_owner.hpp", '"sim/cluster.hpp"')

    def test_toml_is_read_in_the_sources_of_scenario_only(self):
        self.assert_allowed("sim/scenario/reader.cpp", "<toml++/toml.h>")
        self.assert_refused("sim/scenario/reader.hpp", "<toml++/toml.h>")
        self.assert_refused("cli/check.cpp", "<toml++/toml.h>")

    def test_reports_read_results_and_not_the_running_world(self):
        self.assert_allowed("reports/skew.cpp", '"core/base/units.hpp"')
        self.assert_refused("reports/skew.cpp", '"core/node.hpp"')
        self.assert_refused("reports/skew.cpp", '"sim/cluster.hpp"')

    def test_command_line_library_has_one_user(self):
        self.assert_allowed("cli/options.cpp", "<CLI/CLI.hpp>")
        self.assert_refused("cli/run.cpp", "<CLI/CLI.hpp>")

    def test_includes_start_at_the_root(self):
        self.assert_refused("core/base/check.cpp", '"check.hpp"')
        self.assert_refused("core/base/check.cpp", '"../base/check.hpp"')

    def test_only_tests_include_tests(self):
        self.assert_allowed("core/router_test.cpp", "<gtest/gtest.h>")
        self.assert_allowed("core/router_test.cpp", '"core/table_test_support.hpp"')
        self.assert_refused("core/router.cpp", "<gtest/gtest.h>")
        findings, _ = lint(layering, {"core/router.cpp": '#include "core/table_test_support.hpp"\n'})
        self.assertEqual(len(findings), 1)

    def test_an_unknown_directory_has_no_licence_to_include(self):
        findings, _ = lint(layering, {"helpers/a.cpp": LICENCE})
        self.assertEqual(len(findings), 1)


class Words(unittest.TestCase):
    def findings(self, line, path="core/a.cpp"):
        return lint(words, {path: LICENCE + line + "\n"})[0]

    def assert_refused(self, line, path="core/a.cpp"):
        findings = self.findings(line, path)
        self.assertEqual(len(findings), 1, (line, findings))
        self.assertTrue(findings[0].startswith(f"{path}:2: "), findings)

    def assert_allowed(self, line, path="core/a.cpp"):
        self.assertEqual(self.findings(line, path), [], line)

    def test_every_source_of_nondeterminism_is_refused_in_core_and_sim(self):
        for line in (
                "auto h = std::hash<int>{}(1);", "std::shuffle(a, b, g);", "std::random_shuffle(a, b);",
                "std::uniform_int_distribution<int> d;", "std::random_device d;", "std::mt19937_64 g;",
                "int a = rand();", "srand(1);", "auto t = std::chrono::steady_clock::now();",
                "auto t = std::time(&x);", "auto t = time(nullptr);", "auto t = ::time(&x);",
                "clock_gettime(a, b);", "auto d = __DATE__;", "std::thread t;", "std::mutex m;",
                "thread_local int a;", 'auto e = std::getenv("A");', 'std::locale l("");',
                "std::map<Node*, int> m;", "std::set<const Node *> m;", "boost::hash_combine(a, b);",
                "using G = adjacency_list<vecS, listS>;", "#include <random>", "#include <chrono>",
                "std::unordered_map<int, int> m;"):
            for path in ("core/a.cpp", "sim/kernel/a.hpp", "sim/network_test.cpp"):
                self.assert_refused(line, path)
            self.assert_allowed(line, "cli/a.cpp")

    def test_good_twins_are_allowed(self):
        for line in (
                "auto t = event.time();", "Nanoseconds time() const;", "operand(1);", "stable_hash(a);",
                "// std::hash is banned", '"std::shuffle"', "/* std::thread */", "std::map<int, Node*> m;",
                "return clock.now();", "auto x = 1'000; auto y = 'a';", 'R"(std::hash)";'):
            self.assert_allowed(line)

    def test_code_between_digit_separators_is_still_seen(self):
        self.assert_refused("auto x = 1'000; std::thread t; auto y = 1'000;")

    def test_a_marked_unordered_container_is_allowed_while_it_is_not_iterated_over(self):
        declaration = "std::unordered_map<int, int> rows_;  // lint: keyed access only"
        self.assert_allowed(declaration)
        header = LICENCE + declaration + "\n"
        good = LICENCE + "return rows_.find(1) != rows_.end();\n"
        self.assertEqual(lint(words, {"core/a.hpp": header, "core/a.cpp": good})[0], [])
        for use in ("for (const auto& row : rows_) {}", "auto i = rows_.begin();",
                    "for (auto& [k, v] : other.rows_) {}"):
            tree = {"core/a.hpp": header, "core/a.cpp": LICENCE + use + "\n"}
            findings, _ = lint(words, tree)
            self.assertEqual(len(findings), 1, use)
            self.assertIn("core/a.cpp:2", findings[0])

    def test_floating_point_in_core_needs_a_mark(self):
        self.assert_refused("double x = 0;")
        self.assert_refused("float x = 0;")
        self.assert_allowed("double x = 0;  // lint: reporting only")
        self.assert_allowed("// lint: reporting only\ndouble x = 0;\ndouble y = 0;")
        self.assert_allowed("double x = 0;", "sim/a.cpp")
        self.assert_allowed("double x = 0;", "core/a_test.cpp")
        self.assert_allowed("int double_run = 0;")

    def test_paths_of_a_machine_are_refused_in_any_text(self):
        for directory in ("home", "root", "work", "Users"):
            self.assert_refused(f"// see /{directory}/me/file", "bench/a.cpp")
            self.assert_refused(f"# see /{directory}/me/file", "docs/guide.md")
        self.assert_allowed("See https://example.org/work/me and docs/work/me.", "docs/guide.md")

    def test_sources_bear_the_licence_line(self):
        for path in ("core/a.cpp", "cmake/a.py", "sim/CMakeLists.txt", "dev"):
            findings, _ = lint(words, {path: "\n\n"})
            self.assertEqual(len(findings), 1, path)
        self.assertEqual(lint(words, {"docs/guide.md": "text\n"})[0], [])

    def test_source_and_target_are_written_out(self):
        self.assert_refused("NodeId src;", "cli/a.cpp")
        self.assert_refused("NodeId dst_node;", "sim/a.cpp")
        self.assert_allowed("NodeId source_node;", "sim/a.cpp")

    def test_long_files_are_only_warned_of(self):
        findings, warnings = lint(words, {"core/a.cpp": LICENCE + "int a;\n" * 500})
        self.assertEqual((findings, len(warnings)), ([], 1))
        self.assertEqual(lint(words, {"core/a.cpp": LICENCE + "int a;\n" * 499})[1], [])


class Sources(unittest.TestCase):
    def test_blanking_keeps_line_numbers(self):
        text = 'a /* x\ny */ b "c" R"(d\ne)" // f\ng'
        self.assertEqual(sources.code_only(text).count("\n"), text.count("\n"))
        for gone in "xycdef":
            self.assertNotIn(gone, sources.code_only(text))

    def test_build_directories_are_not_read(self):
        self.assertEqual(lint(words, {"build/dev/a.cpp": "std::thread t;\n"})[0], [])


if __name__ == "__main__":
    unittest.main()
