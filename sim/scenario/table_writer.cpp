// SPDX-License-Identifier: Apache-2.0
#include "sim/scenario/table_writer.hpp"

#include <algorithm>

namespace shardproof::sim {

std::string key_text(std::string_view key) {
  constexpr std::string_view kBare =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
  const bool bare = !key.empty() && key.find_first_not_of(kBare) == std::string_view::npos;
  return bare ? std::string(key) : toml_quoted(key);
}

void TableWriter::raw(std::string_view key, std::string text) {
  Entry& entry = entries_.emplace_back();
  entry.key = key;
  entry.text = std::move(text);
}

void TableWriter::table(std::string_view key, TableWriter inner) {
  Entry& entry = entries_.emplace_back();
  entry.key = key;
  entry.members = std::move(inner.entries_);
  entry.is_table = true;
}

void TableWriter::require(std::string_view key) {
  for (Entry& entry : entries_) entry.is_required = entry.is_required || entry.key == key;
}

void TableWriter::leave_out(const TableWriter& defaults) { leave_out(entries_, defaults.entries_); }

void TableWriter::leave_out(std::vector<Entry>& entries, const std::vector<Entry>& defaults) {
  std::vector<Entry> kept;
  for (Entry& entry : entries) {
    const auto same = std::find_if(defaults.begin(), defaults.end(),
                                   [&](const Entry& other) { return other.key == entry.key; });
    bool is_default = false;
    if (same != defaults.end() && same->is_table == entry.is_table) {
      if (entry.is_table) leave_out(entry.members, same->members);
      is_default = entry.is_table ? entry.members.empty() : entry.text == same->text;
    }
    if (!is_default || entry.is_required) kept.push_back(std::move(entry));
  }
  entries = std::move(kept);
}

std::string TableWriter::Entry::value() const { return is_table ? in_line(members) : text; }

std::string TableWriter::in_line(const std::vector<Entry>& entries) {
  if (entries.empty()) return "{}";
  std::string text = "{ ";
  for (const Entry& entry : entries) {
    if (text.size() > 2) text += ", ";
    text += fmt::format("{} = {}", key_text(entry.key), entry.value());
  }
  return text + " }";
}

std::string TableWriter::in_line() const { return in_line(entries_); }

std::string TableWriter::lines() const {
  std::string text;
  for (const Entry& entry : entries_) {
    text += fmt::format("{} = {}\n", key_text(entry.key), entry.value());
  }
  return text;
}

}  // namespace shardproof::sim
