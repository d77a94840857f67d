// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <map>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/distribution/keys/key_map.hpp"

namespace shardproof::distribution {

/// Shards that are ranges of keys in the order of their bytes, as in Bigtable (Chang et al. 2006),
/// HBase, Spanner: the first begins before all keys, each ends where the next one begins.
///
/// A shard with more than `split_above` keys is cut at its median: of m keys the lower floor(m / 2)
/// stay, the others are a new shard on the node that has the least load with them, keys over
/// weight, of equals the lowest. When a key goes and its shard and the next one, or else the one
/// before, together have fewer than `merge_below` keys, they become one, where the larger was (of
/// equals the lower one). Keeping merge_below well under split_above is the hysteresis. With random
/// keys shards are ln 2 full in the mean, with ascending ones half full. Look-up O(log S) for S
/// shards.
class RangeTable {
 public:
  /// One empty shard on node 0. `weights`: as many as nodes, above zero.
  RangeTable(std::vector<std::uint64_t> weights, std::uint64_t split_above,
             std::uint64_t merge_below)
      : split_above_(split_above),
        merge_below_(merge_below),
        weights_(std::move(weights)),
        loads_(weights_.size()) {
    shards_[""];
  }

  /// The node that has the key's range.
  std::uint32_t owner(std::string_view key) const { return shard_of(key)->second.node; }
  /// A key that is there already changes nothing.
  void insert(std::string_view key);
  /// A key that is not there changes nothing.
  void erase(std::string_view key);

  /// Shards of nodes beyond the new `weights` go to the node that has the least load with them, in
  /// key order; then the fullest node gives the emptiest, by load, its largest shard that makes the
  /// fuller of the two less full, as long as there is one (of equals the lower node, the first
  /// shard).
  void resize(std::vector<std::uint64_t> weights);

  std::size_t shards() const { return shards_.size(); }
  /// Keys of each shard, in key order.
  std::vector<std::uint64_t> sizes() const;
  const std::vector<std::uint64_t>& loads() const { return loads_; }  ///< keys, by node
  /// Of the table alone: first keys, and a node each.
  std::uint64_t bytes() const;

 private:
  struct Shard {
    std::uint32_t node = 0;
    std::set<std::string, std::less<>> keys;
  };
  using Shards = std::map<std::string, Shard, std::less<>>;  // by first key

  Shards::const_iterator shard_of(std::string_view key) const {
    return std::prev(shards_.upper_bound(key));
  }
  Shards::iterator shard_of(std::string_view key) { return std::prev(shards_.upper_bound(key)); }
  /// Whether `a` with so many keys more has less load than `b` with as many more as said.
  bool is_less_loaded(std::uint32_t a, std::uint64_t more_on_a, std::uint32_t b,
                      std::uint64_t more_on_b) const;
  /// That has the least load with `more` keys.
  std::uint32_t emptiest_node(std::uint64_t more) const;
  std::uint32_t fullest_node() const;
  void split(Shard& shard);
  bool merge_with_next(Shards::iterator shard);
  void move(Shard& shard, std::uint32_t node);
  /// Moves one shard from the fullest node to the emptiest, or says that none helps.
  bool even_out();

  std::uint64_t split_above_;
  std::uint64_t merge_below_;
  Shards shards_;
  std::vector<std::uint64_t> weights_;  ///< by node
  std::vector<std::uint64_t> loads_;
};

/// Range partitioning on the bytes of keys: a key that comes is inserted, and asked again it is
/// where its range is by then. Option `split`: keys of a shard beyond which it is cut; with
/// unequal weights shares are even to a shard. Keys are never taken out here, so nothing merges.
/// Copies beyond the first are on the nodes that follow.
class RangeMap final : public KeyMap {
 public:
  explicit RangeMap(KeyMapRequest request_made)
      : KeyMap(std::move(request_made)),
        table_(request().all_weights(), request().number("split"), 0) {}

  void place(std::span<const Key> keys, std::span<std::uint32_t> owners) override;
  std::vector<std::uint32_t> replicas(const Key& key, std::uint32_t count) override;
  std::unique_ptr<KeyMap> resized(std::uint32_t nodes,
                                  std::vector<std::uint64_t> weights) const override;
  std::uint64_t table_bytes() const override { return table_.bytes(); }

 private:
  RangeTable table_;
};

}  // namespace shardproof::distribution
