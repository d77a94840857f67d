// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "sim/scenario/codecs.hpp"

namespace shardproof::sim {

/// Describes one table as a JSON schema (draft 7) that allows no other key; see `TableReader` for
/// the interface.
class TableSchema {
 public:
  template <typename Codec>
  void field(std::string_view key, const typename Codec::Value&, const Codec& codec) {
    raw(key, codec.schema());
  }
  template <typename Codec>
  void required(std::string_view key, const typename Codec::Value& value, const Codec& codec) {
    field(key, value, codec);
    require(key);
  }
  template <typename Codec>
  void optional(std::string_view key, const std::optional<typename Codec::Value>&,
                const Codec& codec) {
    raw(key, codec.schema());
  }
  template <typename Fields>
  void table(std::string_view key, Fields&& fields) {
    TableSchema inner;
    fields(inner);
    raw(key, inner.text());
  }
  template <typename T, typename Fields>
  void tables(std::string_view key, std::vector<T>&, Fields&& fields) {
    TableSchema inner;
    T value;
    fields(inner, value);
    raw(key, array_of(inner.text()));
  }
  void raw(std::string_view key, std::string schema);
  void require(std::string_view key) { required_.emplace_back(key); }
  /// Exactly one of these keys has to be there.
  void require_one_of(std::vector<std::string_view> keys);
  /// At least one of these keys has to be there.
  void require_any_of(const std::vector<std::string_view>& keys) { any_of_ = keys; }
  /// As above, where some of the keys were required by themselves so far.
  void require_instead(const std::vector<std::string_view>& keys);
  void drop_required(std::string_view key);

  std::string text() const;
  static std::string array_of(std::string_view item);

 private:
  std::vector<std::pair<std::string, std::string>> properties_;
  std::vector<std::string> required_;
  std::vector<std::vector<std::string_view>> choices_;
  std::vector<std::string_view> any_of_;
};

}  // namespace shardproof::sim
