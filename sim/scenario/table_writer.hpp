// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "sim/scenario/codecs.hpp"

namespace shardproof::sim {

/// Prints one table, defaults included unless they are left out; see `TableReader` for the
/// interface.
class TableWriter {
 public:
  template <typename Codec>
  void field(std::string_view key, const typename Codec::Value& value, const Codec& codec) {
    raw(key, codec.print(value));
  }
  template <typename Codec>
  void required(std::string_view key, const typename Codec::Value& value, const Codec& codec) {
    field(key, value, codec);
    entries_.back().is_required = true;
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
    table(key, std::move(inner));
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
  void raw(std::string_view key, std::string text);
  /// A table within that is written already.
  void table(std::string_view key, TableWriter inner);

  /// From now on the key is one that must be there, if it is there at all.
  void require(std::string_view key);
  /// Leaves out every key that is the same in `defaults`, a table of the same kind, but for
  /// required ones; of tables within, what is the same in them.
  void leave_out(const TableWriter& defaults);

  bool empty() const { return entries_.empty(); }
  /// `{ a = 1, b = 2 }`.
  std::string in_line() const;
  /// `a = 1`, each on a line.
  std::string lines() const;

 private:
  struct Entry {
    std::string key;
    std::string text;            ///< of a value that is no table
    std::vector<Entry> members;  ///< of a table
    bool is_table = false;
    bool is_required = false;

    std::string value() const;
  };

  static std::string in_line(const std::vector<Entry>& entries);
  static void leave_out(std::vector<Entry>& entries, const std::vector<Entry>& defaults);

  std::vector<Entry> entries_;
};

/// A key of a table, quoted if it has to be.
std::string key_text(std::string_view key);

}  // namespace shardproof::sim
