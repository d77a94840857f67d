// SPDX-License-Identifier: Apache-2.0
#include "sim/scenario/table_reader.hpp"

#include <algorithm>

#include "sim/scenario/suggest.hpp"

namespace shardproof::sim {

TableReader::TableReader(const SourceNode& node, SourcePosition at, std::string name,
                         Diagnostics& diagnostics)
    : at_(at), name_(std::move(name)), diagnostics_(diagnostics) {
  if (node.kind == SourceNode::Kind::kTable) {
    table_ = &node;
  } else {
    wrong_kind(node, "a table", diagnostics);
  }
}

const SourceNode* TableReader::take(std::string_view key) {
  if (std::find(known_.begin(), known_.end(), key) == known_.end()) known_.emplace_back(key);
  return table_->find(key);
}

const SourceNode* TableReader::take_required(std::string_view key) {
  const SourceNode* node = take(key);
  if (node != nullptr) return node;
  const std::string where = name_.empty() ? "the scenario" : fmt::format("\"{}\"", name_);
  diagnostics_.error(at_, fmt::format("{} lacks the key \"{}\"", where, key));
  return nullptr;
}

SourcePosition TableReader::key_position(std::string_view key) const {
  for (const SourceMember& member : table_->members) {
    if (member.key == key) return member.key_at;
  }
  return at_;
}

std::string TableReader::double_brackets(std::string_view key) {
  return fmt::format("write \"[[{}]]\"", key);
}

bool TableReader::has_key_besides(const std::vector<std::string_view>& others) const {
  return std::any_of(table_->members.begin(), table_->members.end(), [&](const auto& member) {
    return std::find(known_.begin(), known_.end(), member.key) == known_.end() &&
           std::find(others.begin(), others.end(), member.key) == others.end();
  });
}

void TableReader::finish() {
  const std::vector<std::string_view> known = views(known_);
  for (const SourceMember& member : table_->members) {
    if (std::find(known.begin(), known.end(), member.key) != known.end()) continue;
    const std::string where = name_.empty() ? "" : fmt::format(" in \"{}\"", name_);
    diagnostics_.error(member.key_at, fmt::format("unknown key \"{}\"{}", member.key, where),
                       suggest(member.key, known));
  }
}

}  // namespace shardproof::sim
