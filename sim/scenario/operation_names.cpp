// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "sim/scenario/codecs.hpp"
#include "sim/scenario/table_writer.hpp"

namespace shardproof::sim {
namespace {

std::vector<std::string_view> operation_names() {
  std::vector<std::string_view> names;
  for (std::size_t i = 0; i < kTrafficOperations; ++i) {
    names.push_back(to_string(static_cast<TrafficOperation>(i)));
  }
  return names;
}

}  // namespace

bool OperationNames::read(const SourceNode& node, Value& value, Diagnostics& diagnostics) const {
  if (node.kind != SourceNode::Kind::kTable) {
    wrong_kind(node, "a table", diagnostics, "write { \"28\" = \"read\", \"2a\" = \"replace\" }");
    return false;
  }
  Value read;
  for (const SourceMember& member : node.members) {
    std::size_t operation = 0;
    if (!read_one_of(member.value, operation_names(), "operation", operation, diagnostics)) {
      return false;
    }
    read.emplace_back(member.key, static_cast<TrafficOperation>(operation));
  }
  std::sort(read.begin(), read.end());
  value = std::move(read);
  return true;
}

std::string OperationNames::print(const Value& value) const {
  TableWriter table;
  for (const auto& [text, operation] : value) table.raw(text, toml_quoted(to_string(operation)));
  return table.in_line();
}

std::string OperationNames::schema() const {
  std::string names;
  for (const std::string_view name : operation_names()) {
    names += (names.empty() ? "" : ", ") + json_quoted(name);
  }
  return R"({"type": "object", "additionalProperties": {"enum": [)" + names + "]}}";
}

}  // namespace shardproof::sim
