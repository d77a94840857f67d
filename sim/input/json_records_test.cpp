// SPDX-License-Identifier: Apache-2.0
#include "sim/input/json_records.hpp"

#include <gtest/gtest.h>

#include "sim/input/input_testing.hpp"
#include "sim/input/json_fields.hpp"

namespace shardproof::sim {
namespace {

/// A value as JSON without spaces, but numbers that are not whole in angle brackets.
std::string text_of(const JsonValue& value) {
  switch (value.kind) {
    case JsonValue::Kind::kNull: return "null";
    case JsonValue::Kind::kBoolean: return value.truth ? "true" : "false";
    case JsonValue::Kind::kWhole: return fmt::format("{}", value.whole);
    case JsonValue::Kind::kNumber: return "<" + value.text + ">";
    case JsonValue::Kind::kText: return "\"" + value.text + "\"";
    case JsonValue::Kind::kList:
    case JsonValue::Kind::kObject: break;
  }
  const bool is_list = value.kind == JsonValue::Kind::kList;
  std::string text;
  for (std::size_t i = 0; i < value.values.size(); ++i) {
    if (i > 0) text += ',';
    if (!is_list) text += value.keys[i] + ":";
    text += text_of(value.values[i]);
  }
  return is_list ? "[" + text + "]" : "{" + text + "}";
}

/// What is handed over, as `path@line=value` for records and `path@line:value` for members, then
/// the error.
std::string read_text(const std::string& content) {
  const TemporaryFile file("records.json", content);
  std::string seen;
  const auto sink = [&seen](char mark) {
    return [&seen, mark](std::string_view path, const JsonValue& value) {
      seen += fmt::format("{}@{}{}{} ", path, value.line, mark, text_of(value));
      return std::optional<std::string>();
    };
  };
  const auto read = read_json_records(file.path(), sink('='), sink(':'));
  if (!read) seen += fmt::format("{}: {}", read.error().line, read.error().reason);
  return seen;
}

TEST(JsonRecords, ElementsOfListsAreRecordsAndTheRestAreMembers) {
  EXPECT_EQ(read_text(R"({"v": 1, "a": {"b": [ {"x": [1, 2]}, "t" ], "c": null}})"),
            "v@1:1 a.b@1={x:[1,2]} a.b@1=\"t\" a.c@1:null ");
  EXPECT_EQ(read_text("[1,\n -2, 0.5,\n [3,\n{}]]"), "@1=1 @2=<-2> @2=<0.5> @4=[3,{}] ");
  EXPECT_EQ(read_text("true"), "@1:true ");
}

TEST(JsonRecords, AValueIsOnTheLineOnWhichItEnds) {
  EXPECT_EQ(read_text("{\"a\": 5\n,\n\"b\"\n:\n7\n\n}\n"), "a@1:5 b@5:7 ");
}

TEST(JsonRecords, WhatIsNotJsonIsNamedWithItsLine) {
  EXPECT_EQ(read_text("{\"a\": 1,\n nonsense}"), "a@1:1 2: not JSON: \"no\" is not expected here");
  EXPECT_EQ(read_text("[1,"), "@1=1 1: not JSON: it ends too early");
  EXPECT_EQ(read_text(""), "1: not JSON: it ends too early");
  EXPECT_EQ(read_text("[1] 2"), "@1=1 1: not JSON: \"2\" is not expected here");
  EXPECT_EQ(read_text("{\"a\": 1,\n\"a\": 2}"), "a@1:1 2: \"a\" is there twice");
  EXPECT_EQ(read_text(std::string(17, '[')), "1: more than 16 levels");
}

TEST(JsonRecords, ASinksReasonEndsTheReading) {
  const TemporaryFile file("records.json", "{\"list\": [\n1,\n2,\n3]}");
  int seen = 0;
  const auto record = [&](std::string_view, const JsonValue& value) -> std::optional<std::string> {
    ++seen;
    if (value.whole == 2) return "two is not wanted";
    return std::nullopt;
  };
  const auto read = read_json_records(file.path(), record, record);
  ASSERT_FALSE(read.has_value());
  EXPECT_EQ(to_string(read.error()), file.path() + ":3: two is not wanted");
  EXPECT_EQ(seen, 2);
}

TEST(JsonRecords, AFileThatCannotBeReadIsNoBadOne) {
  const auto read = read_json_records(
      "no/such/file.json", [](auto, const auto&) { return std::nullopt; },
      [](auto, const auto&) { return std::nullopt; });
  ASSERT_FALSE(read.has_value());
  EXPECT_EQ(read.error().kind, InputError::Kind::kUnreadable);
}

JsonValue object_of(const std::string& content) {
  const TemporaryFile file("object.json", "[" + content + "]");
  JsonValue found;
  const auto record = [&](std::string_view, const JsonValue& value) -> std::optional<std::string> {
    found = value;
    return std::nullopt;
  };
  EXPECT_TRUE(read_json_records(file.path(), record, record).has_value());
  return found;
}

TEST(JsonFields, TheFirstMistakeIsTold) {
  const JsonValue object = object_of(R"({"name": 7, "text": "x", "size": -1, "list": [1, "b"]})");
  JsonFields fields(object);
  EXPECT_EQ(fields.name("name"), "7");
  EXPECT_EQ(fields.text("text"), "x");
  EXPECT_EQ(fields.names("list"), (std::vector<std::string>{"1", "b"}));
  EXPECT_EQ(fields.wrong(), std::nullopt);
  EXPECT_EQ(fields.optional_whole("size"), std::nullopt);
  EXPECT_EQ(fields.text("missing"), "");
  EXPECT_EQ(fields.wrong(), "\"size\" has to be a whole number, found -1");
}

TEST(JsonFields, AnUnknownMemberIsToldWithASuggestion) {
  const JsonValue object = object_of(R"({"bites": 7})");
  JsonFields fields(object);
  EXPECT_EQ(fields.optional_whole("bytes"), std::nullopt);
  EXPECT_EQ(fields.wrong_or_unknown(), "unknown key \"bites\"; did you mean \"bytes\"?");
}

TEST(JsonFields, WhatIsMissingOrNoObjectIsTold) {
  const JsonValue empty = object_of("{}");
  JsonFields fields(empty);
  fields.name("name");
  EXPECT_EQ(fields.wrong(), "\"name\" is missing");
  const JsonValue number = object_of("5");
  EXPECT_EQ(JsonFields(number).wrong(), "expected an object, found a whole number");
}

}  // namespace
}  // namespace shardproof::sim
