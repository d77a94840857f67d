// SPDX-License-Identifier: Apache-2.0
#include "sim/scenario/table_writer.hpp"

namespace shardproof::sim {

std::string key_text(std::string_view key) {
  constexpr std::string_view kBare =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
  const bool bare = !key.empty() && key.find_first_not_of(kBare) == std::string_view::npos;
  return bare ? std::string(key) : toml_quoted(key);
}

std::string TableWriter::in_line() const {
  if (entries_.empty()) return "{}";
  std::string text = "{ ";
  for (const auto& [key, value] : entries_) {
    if (text.size() > 2) text += ", ";
    text += fmt::format("{} = {}", key_text(key), value);
  }
  return text + " }";
}

std::string TableWriter::lines() const {
  std::string text;
  for (const auto& [key, value] : entries_) text += fmt::format("{} = {}\n", key_text(key), value);
  return text;
}

}  // namespace shardproof::sim
