// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "sim/scenario/codecs.hpp"

namespace shardproof::sim {

/// Prints one table, defaults included; see `TableReader` for the interface.
class TableWriter {
 public:
  template <typename Codec>
  void field(std::string_view key, const typename Codec::Value& value, const Codec& codec) {
    entries_.emplace_back(key, codec.print(value));
  }
  template <typename Codec>
  void required(std::string_view key, const typename Codec::Value& value, const Codec& codec) {
    field(key, value, codec);
  }
  template <typename Codec>
  void optional(std::string_view key, const std::optional<typename Codec::Value>& value,
                const Codec& codec) {
    if (value) field(key, *value, codec);
  }
  template <typename Fields>
  void table(std::string_view key, Fields&& fields) {
    TableWriter inner;
    fields(inner);
    raw(key, inner.in_line());
  }
  template <typename T, typename Fields>
  void tables(std::string_view key, std::vector<T>& values, Fields&& fields) {
    if (values.empty()) return;
    std::string text = "[";
    for (T& value : values) {
      TableWriter inner;
      fields(inner, value);
      text += (text.size() > 1 ? ", " : "") + inner.in_line();
    }
    raw(key, text + "]");
  }
  /// A key whose value is TOML already.
  void raw(std::string_view key, std::string text) { entries_.emplace_back(key, std::move(text)); }

  bool empty() const { return entries_.empty(); }
  /// `{ a = 1, b = 2 }`.
  std::string in_line() const;
  /// `a = 1`, each on a line.
  std::string lines() const;

 private:
  std::vector<std::pair<std::string, std::string>> entries_;
};

/// A key of a table, quoted if it has to be.
std::string key_text(std::string_view key);

}  // namespace shardproof::sim
