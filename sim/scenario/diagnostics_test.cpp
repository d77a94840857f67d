// SPDX-License-Identifier: Apache-2.0
#include "sim/scenario/diagnostics.hpp"

#include <gtest/gtest.h>

#include "sim/scenario/source_tree.hpp"

namespace shardproof::sim {
namespace {

TEST(Diagnostics, PutTheCaretUnderThePlace) {
  Diagnostics diagnostics("x.toml", "a = 1\n\tb = \"ä\" # c\n", 10);
  diagnostics.error({2, 6, 3}, "wrong", "try another");
  const auto remarks = diagnostics.take();
  ASSERT_EQ(remarks.size(), 1u);
  EXPECT_EQ(to_string(remarks[0]),
            "x.toml:2:6: error: wrong: try another\n"
            "     2 | \tb = \"ä\" # c\n"
            "       | \t    ^~~");
}

TEST(Diagnostics, ComeInOrderOfPlaceUpToALimit) {
  Diagnostics diagnostics("x.toml", "a\nb\nc\n", 2);
  diagnostics.error({3, 1, 1}, "third");
  diagnostics.warning({2, 1, 1}, "second");
  diagnostics.error({1, 1, 1}, "first");
  diagnostics.error({1, 2, 1}, "too many");
  EXPECT_EQ(diagnostics.errors(), 3u);
  const auto remarks = diagnostics.take();
  ASSERT_EQ(remarks.size(), 4u);
  EXPECT_EQ(remarks[0].message, "first");
  EXPECT_EQ(remarks[1].message, "second");
  EXPECT_EQ(remarks[2].message, "third");
  EXPECT_EQ(to_string(remarks[3]), "x.toml: error: 1 more errors");
}

TEST(SourceTree, KnowsWhereEverythingStands) {
  const std::string text = "a = { b = [10, \"xyz\"] }\n[[t]]\nk = 0.6\n[[t]]\nk.l = true\n";
  Diagnostics diagnostics("x.toml", text, 10);
  const auto root = parse_source(text, diagnostics);
  ASSERT_TRUE(root.has_value());
  EXPECT_EQ(locate(*root, "a.b[1]").column, 16u);
  EXPECT_EQ(locate(*root, "a.b", true).column, 7u);
  EXPECT_EQ(locate(*root, "t[1].k.l").line, 5u);
  EXPECT_EQ(locate(*root, "t[1].nothing").line, 4u);
  EXPECT_EQ(root->find("t")->items[0].find("k")->text, "0.6");
  const SourceNode& xyz = root->find("a")->find("b")->items[1];
  EXPECT_EQ(position_in(xyz, 2, diagnostics).column, 19u);
}

TEST(SourceTree, ReportsTextThatIsNotToml) {
  Diagnostics diagnostics("x.toml", "a = 1\na = 2\n", 10);
  EXPECT_FALSE(parse_source("a = 1\na = 2\n", diagnostics).has_value());
  ASSERT_EQ(diagnostics.errors(), 1u);
  EXPECT_EQ(diagnostics.take()[0].at.line, 2u);
}

TEST(SourceTree, SaysWhatIsWrongWithATextInItsOwnWords) {
  const auto told = [](const std::string& text) {
    Diagnostics diagnostics("x.toml", text, 10);
    EXPECT_FALSE(parse_source(text, diagnostics).has_value());
    return diagnostics.take().front().message;
  };
  EXPECT_EQ(told("name = \"\xff\"\n"), "not a text in UTF-8");
  EXPECT_EQ(told("a = " + std::string(300, '[')), "too many levels of brackets");
  EXPECT_EQ(told("[cluster\n"), "table header: expected ']', saw '\\n'");
}

TEST(Diagnostics, OfAVeryLongLineTheSurroundingsOfThePlaceAreShown) {
  const std::string line = std::string(1000, 'a') + "X" + std::string(50'000, 'b');
  Diagnostics diagnostics("long.toml", line, 20);
  diagnostics.error({1, 1001, 40'000}, "odd");
  const std::string text = to_string(diagnostics.take().front());
  EXPECT_EQ(text, "long.toml:1:1001: error: odd\n     1 | ..." + std::string(60, 'a') + "X" +
                      std::string(59, 'b') + "...\n       | " + std::string(63, ' ') + "^" +
                      std::string(59, '~'));
  Diagnostics at_its_end("long.toml", line, 20);
  at_its_end.error({1, 51'002, 1}, "more");
  EXPECT_EQ(to_string(at_its_end.take().front()), "long.toml:1:51002: error: more\n     1 | ..." +
                                                      std::string(60, 'b') + "\n       | " +
                                                      std::string(63, ' ') + "^");
}

}  // namespace
}  // namespace shardproof::sim
