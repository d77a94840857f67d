// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "sim/input/json_records.hpp"

namespace shardproof::sim {

/// Takes an object's members by name. The first thing that is wrong is kept, and what is asked for
/// after it is empty: one mistake, one message.
class JsonFields {
 public:
  explicit JsonFields(const JsonValue& object);

  /// Required: not empty.
  std::string text(std::string_view key);
  std::optional<std::string> optional_text(std::string_view key);
  std::optional<std::uint64_t> optional_whole(std::string_view key);
  bool optional_boolean(std::string_view key);
  /// A text or a whole number, as a text: what other systems call a name.
  std::string name(std::string_view key);
  /// Lists of such names; empty if there is no such member.
  std::vector<std::string> names(std::string_view key);

  /// What is wrong so far.
  const std::optional<std::string>& wrong() const { return wrong_; }
  /// The same, or that a member was never asked for: of formats that know all of theirs.
  std::optional<std::string> wrong_or_unknown() const;

 private:
  const JsonValue* take(std::string_view key);
  const JsonValue* take(std::string_view key, JsonValue::Kind kind);
  void expected(std::string_view key, std::string_view what, const JsonValue& found);

  const JsonValue& object_;
  std::vector<std::string_view> asked_;
  std::optional<std::string> wrong_;
};

}  // namespace shardproof::sim
