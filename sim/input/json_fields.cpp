// SPDX-License-Identifier: Apache-2.0
#include "sim/input/json_fields.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "sim/scenario/suggest.hpp"

namespace shardproof::sim {
namespace {

using Kind = JsonValue::Kind;

bool is_name(const JsonValue& value) {
  return (value.kind == Kind::kText && !value.text.empty()) || value.kind == Kind::kWhole;
}

std::string name_of(const JsonValue& value) {
  return value.kind == Kind::kWhole ? fmt::format("{}", value.whole) : value.text;
}

}  // namespace

JsonFields::JsonFields(const JsonValue& object) : object_(object) {
  if (object.kind != Kind::kObject) {
    wrong_ = fmt::format("expected an object, found {}", to_string(object.kind));
  }
}

const JsonValue* JsonFields::take(std::string_view key) {
  asked_.push_back(key);
  return wrong_ ? nullptr : object_.find(key);
}

const JsonValue* JsonFields::take(std::string_view key, Kind kind) {
  const JsonValue* value = take(key);
  if (value == nullptr || value->kind == kind) return value;
  expected(key, to_string(kind), *value);
  return nullptr;
}

void JsonFields::expected(std::string_view key, std::string_view what, const JsonValue& found) {
  const bool is_number = found.kind == Kind::kNumber;
  wrong_ = fmt::format("\"{}\" has to be {}, found {}", key, what,
                       is_number ? std::string_view(found.text) : to_string(found.kind));
}

std::string JsonFields::text(std::string_view key) {
  const std::string found = optional_text(key).value_or("");
  if (found.empty() && !wrong_) wrong_ = fmt::format("\"{}\" is missing", key);
  return found;
}

std::optional<std::string> JsonFields::optional_text(std::string_view key) {
  const JsonValue* value = take(key, Kind::kText);
  return value == nullptr ? std::nullopt : std::optional(value->text);
}

std::optional<std::uint64_t> JsonFields::optional_whole(std::string_view key) {
  const JsonValue* value = take(key, Kind::kWhole);
  return value == nullptr ? std::nullopt : std::optional(value->whole);
}

bool JsonFields::optional_boolean(std::string_view key) {
  const JsonValue* value = take(key, Kind::kBoolean);
  return value != nullptr && value->truth;
}

std::string JsonFields::name(std::string_view key) {
  const JsonValue* value = take(key);
  if (value != nullptr && is_name(*value)) return name_of(*value);
  if (value != nullptr) {
    expected(key, "a name or a number", *value);
  } else if (!wrong_) {
    wrong_ = fmt::format("\"{}\" is missing", key);
  }
  return {};
}

std::vector<std::string> JsonFields::names(std::string_view key) {
  std::vector<std::string> found;
  const JsonValue* list = take(key, Kind::kList);
  if (list == nullptr) return found;
  for (const JsonValue& value : list->values) {
    if (!is_name(value)) {
      wrong_ = fmt::format("\"{}\" has to be a list of names, found {} in it", key,
                           to_string(value.kind));
      return {};
    }
    found.push_back(name_of(value));
  }
  return found;
}

std::optional<std::string> JsonFields::wrong_or_unknown() const {
  if (wrong_) return wrong_;
  for (const std::string& key : object_.keys) {
    if (std::find(asked_.begin(), asked_.end(), key) != asked_.end()) continue;
    const std::string hint = suggest(key, asked_);
    return fmt::format("unknown key \"{}\"{}{}", key, hint.empty() ? "" : "; ", hint);
  }
  return std::nullopt;
}

}  // namespace shardproof::sim
