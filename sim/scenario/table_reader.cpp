// SPDX-License-Identifier: Apache-2.0
#include "sim/scenario/table_reader.hpp"

#include <algorithm>
#include <utility>

#include <fmt/ranges.h>

#include "sim/scenario/suggest.hpp"

namespace shardproof::sim {
namespace {

/// What other tools call it, or what a sentence would.
constexpr std::pair<std::string_view, std::string_view> kSynonyms[] = {
    {"assert", "expect"},  {"assertion", "expect"},  {"check", "expect"},
    {"event", "at"},       {"fault", "at"},          {"at", "time"},
    {"add", "join"},       {"isolate", "partition"}, {"kill", "crash"},
    {"client", "traffic"}, {"workload", "traffic"},
};

/// The key that was meant; empty if none of them comes near.
std::string meant_key(std::string_view written, const std::vector<std::string_view>& keys) {
  for (const auto& [other, key] : kSynonyms) {
    if (written == other && std::find(keys.begin(), keys.end(), key) != keys.end()) {
      return std::string(key);
    }
  }
  return nearest(written, keys);
}

}  // namespace

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
  if (node != nullptr || is_misspelt({key})) return node;
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
    return !is_known(member.key) &&
           std::find(others.begin(), others.end(), member.key) == others.end();
  });
}

bool TableReader::is_known(std::string_view key) const {
  return std::find(known_.begin(), known_.end(), key) != known_.end() ||
         std::find(reported_.begin(), reported_.end(), key) != reported_.end();
}

bool TableReader::is_misspelt(const std::vector<std::string_view>& keys) {
  for (const SourceMember& member : table_->members) {
    if (is_known(member.key) || meant_key(member.key, keys).empty()) continue;
    report_unknown(member, keys);
    return true;
  }
  return false;
}

void TableReader::report_unknown(const SourceMember& member,
                                 const std::vector<std::string_view>& known) {
  const std::string where = name_.empty() ? "" : fmt::format(" in \"{}\"", name_);
  const std::string meant = meant_key(member.key, known);
  diagnostics_.error(
      member.key_at, fmt::format("unknown key \"{}\"{}", member.key, where),
      meant.empty() ? suggest(member.key, known) : fmt::format("did you mean \"{}\"?", meant));
  reported_.push_back(member.key);
}

void TableReader::finish() {
  const std::vector<std::string_view> known = views(known_);
  std::vector<const SourceMember*> strangers;
  for (const SourceMember& member : table_->members) {
    if (is_known(member.key)) continue;
    if (meant_key(member.key, known).empty()) {
      strangers.push_back(&member);
    } else {
      report_unknown(member, known);
    }
  }
  if (strangers.size() == 1) report_unknown(*strangers.front(), known);
  if (strangers.size() > 1) report_strangers(strangers);
}

void TableReader::report_strangers(const std::vector<const SourceMember*>& strangers) {
  std::vector<std::string_view> keys;
  for (const SourceMember* member : strangers) keys.push_back(member->key);
  const std::string where = name_.empty() ? "" : fmt::format(" in \"{}\"", name_);
  diagnostics_.error(strangers.front()->key_at,
                     fmt::format("unknown keys \"{}\"{}", fmt::join(keys, "\", \""), where),
                     "is the header of their table missing, like [cluster] or [[collection]]?");
}

}  // namespace shardproof::sim
