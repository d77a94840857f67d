// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "sim/scenario/diagnostics.hpp"

namespace shardproof::sim {

struct SourceMember;

/// A value of a TOML file and where it stands. Positions of tables are those of their header.
struct SourceNode {
  enum class Kind : std::uint8_t { kString, kInteger, kReal, kBoolean, kDate, kArray, kTable };
  Kind kind = Kind::kTable;
  SourcePosition at;
  std::string text;                   ///< of kString: its value; of kReal: the shortest decimal
  std::int64_t integer = 0;           ///< of kInteger
  bool boolean = false;               ///< of kBoolean
  std::vector<SourceNode> items;      ///< of kArray
  std::vector<SourceMember> members;  ///< of kTable, in the order of the file

  /// The value of a key, or null.
  const SourceNode* find(std::string_view key) const;
};

struct SourceMember {
  std::string key;
  SourcePosition key_at;
  SourceNode value;
};

/// "a text", "a whole number", "a number", "true or false", "a date", "an array", "a table".
std::string_view kind_name(SourceNode::Kind kind);

/// The TOML text as a tree; on a syntax error (duplicate keys are one) nothing, and the error is in
/// `diagnostics`.
std::optional<SourceNode> parse_source(std::string_view text, Diagnostics& diagnostics);

/// Where byte `offset` of a string's value stands, as well as it can be known (exact for strings on
/// one line without escapes; else the string's begin).
SourcePosition position_in(const SourceNode& node, std::size_t offset,
                           const Diagnostics& diagnostics);

/// Where a path like `at[2].crash.node` stands, or as much of it as exists. A key's own place if
/// `of_key`, else its value's.
SourcePosition locate(const SourceNode& root, std::string_view path, bool of_key = false);

}  // namespace shardproof::sim
