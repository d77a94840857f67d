// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "sim/scenario/codecs.hpp"

namespace shardproof::sim {

/// Reads one table of a scenario, key by key, into the fields of a struct. `field`, `required`,
/// `optional`, `table` and `tables` are also the interface of `TableWriter` and `TableSchema`, so a
/// function that names a struct's fields once (fields.hpp) reads, prints and describes it.
///
/// An error is reported where it stands and leaves its field as it was. `finish` reports the keys
/// that nobody asked for.
class TableReader {
 public:
  /// `at` is where a missing key is reported; `name` is how messages call the table.
  TableReader(const SourceNode& node, SourcePosition at, std::string name,
              Diagnostics& diagnostics);

  /// False if what should be a table is something else (which has been reported).
  bool is_table() const { return table_ != nullptr; }
  const std::string& name() const { return name_; }
  SourcePosition at() const { return at_; }
  Diagnostics& diagnostics() const { return diagnostics_; }

  /// The value of a key that this table may have, or null.
  const SourceNode* take(std::string_view key);
  /// Where the key stands, or the table if it has none.
  SourcePosition key_position(std::string_view key) const;

  /// Whether a key that nobody has taken is like one of `keys`, all of which are missing. It is
  /// reported then, so that the lack need not be: one mistake, one error. To be asked when the
  /// other keys of the table that are like these have been taken.
  bool is_misspelt(const std::vector<std::string_view>& keys);

  /// Whether there is a key that was neither taken so far nor is one of these.
  bool has_key_besides(const std::vector<std::string_view>& others) const;

  /// A key with a default.
  template <typename Codec>
  void field(std::string_view key, typename Codec::Value& value, const Codec& codec) {
    if (const SourceNode* node = take(key)) codec.read(*node, value, diagnostics_);
  }
  /// A key that must be there.
  template <typename Codec>
  void required(std::string_view key, typename Codec::Value& value, const Codec& codec) {
    if (const SourceNode* node = take_required(key)) codec.read(*node, value, diagnostics_);
  }
  /// A key without a default.
  template <typename Codec>
  void optional(std::string_view key, std::optional<typename Codec::Value>& value,
                const Codec& codec) {
    const SourceNode* node = take(key);
    if (node == nullptr) return;
    typename Codec::Value read{};
    if (codec.read(*node, read, diagnostics_)) value = std::move(read);
  }
  /// A table within; `fields(reader)` reads it.
  template <typename Fields>
  void table(std::string_view key, Fields&& fields) {
    const SourceNode* node = take(key);
    if (node == nullptr) return;
    TableReader inner(*node, key_position(key), std::string(key), diagnostics_);
    if (!inner.is_table()) return;
    fields(inner);
    inner.finish();
  }
  /// An array of tables; `fields(reader, element)` reads one.
  template <typename T, typename Fields>
  void tables(std::string_view key, std::vector<T>& values, Fields&& fields) {
    const SourceNode* node = take(key);
    if (node == nullptr) return;
    if (node->kind != SourceNode::Kind::kArray) {
      wrong_kind(*node, "an array of tables", diagnostics_, double_brackets(key));
      return;
    }
    for (const SourceNode& item : node->items) {
      TableReader inner(item, item.at, std::string(key), diagnostics_);
      if (!inner.is_table()) continue;
      values.emplace_back();
      fields(inner, values.back());
      inner.finish();
    }
  }

  /// Reports every key that was not taken.
  void finish();

 private:
  const SourceNode* take_required(std::string_view key);
  bool is_known(std::string_view key) const;
  /// Several keys that are like none of this table: probably they are of another one.
  void report_strangers(const std::vector<const SourceMember*>& strangers);
  void report_unknown(const SourceMember& member, const std::vector<std::string_view>& known);
  static std::string double_brackets(std::string_view key);

  const SourceNode* table_ = nullptr;
  SourcePosition at_;
  std::string name_;
  Diagnostics& diagnostics_;
  std::vector<std::string> known_;
  /// Unknown keys that have been reported.
  std::vector<std::string> reported_;
};

}  // namespace shardproof::sim
