// SPDX-License-Identifier: Apache-2.0
#include "sim/scenario/table_schema.hpp"

#include <algorithm>

namespace shardproof::sim {

void TableSchema::raw(std::string_view key, std::string schema) {
  properties_.emplace_back(key, std::move(schema));
}

void TableSchema::require_one_of(std::vector<std::string_view> keys) {
  choices_.push_back(std::move(keys));
}

void TableSchema::require_instead(const std::vector<std::string_view>& keys) {
  for (const std::string_view key : keys) drop_required(key);
  require_one_of(keys);
}

void TableSchema::drop_required(std::string_view key) {
  required_.erase(std::remove(required_.begin(), required_.end(), key), required_.end());
}

std::string TableSchema::array_of(std::string_view item) {
  return fmt::format(R"({{"type": "array", "items": {}}})", item);
}

std::string TableSchema::text() const {
  std::string text = R"({"type": "object", "additionalProperties": false)";
  std::string list;
  for (const std::string& key : required_) list += (list.empty() ? "" : ", ") + json_quoted(key);
  if (!list.empty()) text += ", \"required\": [" + list + "]";
  std::string all;
  for (const auto& keys : choices_) {
    std::string one;
    for (const std::string_view key : keys) {
      one += fmt::format("{}{{\"required\": [{}]}}", one.empty() ? "" : ", ", json_quoted(key));
    }
    all += fmt::format("{}{{\"oneOf\": [{}]}}", all.empty() ? "" : ", ", one);
  }
  if (!all.empty()) text += ", \"allOf\": [" + all + "]";
  std::string any;
  for (const std::string_view key : any_of_) {
    any += fmt::format("{}{{\"required\": [{}]}}", any.empty() ? "" : ", ", json_quoted(key));
  }
  if (!any.empty()) text += ", \"anyOf\": [" + any + "]";
  std::string properties;
  for (const auto& [key, schema] : properties_) {
    properties += fmt::format("{}{}: {}", properties.empty() ? "" : ", ", json_quoted(key), schema);
  }
  return text + ", \"properties\": {" + properties + "}}";
}

}  // namespace shardproof::sim
