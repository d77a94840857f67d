// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/result.hpp"
#include "sim/input/input_error.hpp"
#include "sim/input/text_source.hpp"

namespace shardproof::sim {

/// A JSON value and the line on which it ends, from 1.
struct JsonValue {
  enum class Kind : std::uint8_t { kNull, kBoolean, kWhole, kNumber, kText, kList, kObject };

  Kind kind = Kind::kNull;
  bool truth = false;  ///< of a boolean
  std::uint64_t line = 0;
  std::uint64_t whole = 0;        ///< of a whole number that is not negative
  std::string text;               ///< of a text; of any other number as it is written
  std::vector<std::string> keys;  ///< of an object, in order, each once
  std::vector<JsonValue> values;  ///< of an object or a list

  /// The member of that name, or null.
  const JsonValue* find(std::string_view key) const;
};

/// `a list`, `a text`, ...: how a person is told what was found.
std::string_view to_string(JsonValue::Kind kind);

/// What a reader of records makes of a value: a reason if it cannot be used. The path names the
/// members on the way from the top, with dots, and is empty for a list that is the whole file.
using JsonRecordSink =
    std::function<std::optional<std::string>(std::string_view path, const JsonValue& value)>;

/// Streams a JSON document (RFC 8259), plain or compressed with gzip: every element of a list goes
/// to `record` when it is complete, every text, number, boolean or null that is in no list to
/// `member`. Lists within an element belong to it. So memory is bounded by the longest element.
/// Members that are there twice, more than 1,000 members, more than 16 levels and a sink's reason
/// end the reading with an error that names the line.
Result<void, InputError> read_json_records(const std::string& file, const JsonRecordSink& record,
                                           const JsonRecordSink& member);
/// The same of the one value that begins at the source's next character, on that line; what stands
/// behind it is not looked at.
Result<void, InputError> read_json_value(TextSource source, std::uint64_t line,
                                         const JsonRecordSink& record,
                                         const JsonRecordSink& member);

}  // namespace shardproof::sim
