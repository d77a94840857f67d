// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <vector>

#include "core/operation.hpp"
#include "core/shard_table.hpp"
#include "sim/kernel/streams.hpp"
#include "sim/scenario/spec.hpp"

namespace shardproof::sim {

/// The documents of one collection as clients know them: key i is `k` and the number in ten digits.
/// Other shard-key fields are derived from the key, so that whoever knows the key knows where it
/// routes: of four neighbouring keys in the first field (a text), of ten in the second (a number),
/// and so on in turn.
class KeySpace {
 public:
  KeySpace(const CollectionSpec& spec, const CollectionConfig& config);

  const CollectionConfig& config() const { return config_; }
  /// Learns from a table, as clients read it from `_system/_sharding`, which collection is used by
  /// now.
  void follow(const ShardTable& table);
  /// Keys 0 .. count-1 have been used.
  std::uint64_t count() const { return count_; }
  std::uint64_t take_new() { return count_++; }

  /// A document under key `index`, or under the key `text`, with the fields it needs.
  DocumentRef make(std::uint64_t index, Bytes size, std::uint64_t content) const;
  DocumentRef make(std::string_view text, Bytes size, std::uint64_t content) const;
  /// One that lacks its first shard-key field (an empty key, if that is the field).
  DocumentRef make_unroutable(std::uint64_t index, std::uint64_t content) const;
  /// The shard of key `index`, as the router will find it.
  ShardId shard_of(std::uint64_t index) const;

 private:
  DocumentRef build(std::string key, std::uint64_t number, Bytes size, std::uint64_t content) const;

  CollectionConfig config_;
  /// The scenario's shard key: an unsharded collection's documents have its fields from the start.
  std::vector<std::string> fields_;
  std::uint64_t count_ = 0;
};

/// Draws existing keys as a scenario's `keys` says. Stream: handed in with each draw.
class KeyChooser {
 public:
  /// O(keys) for zipf and latest, over the keys there are now.
  KeyChooser(const KeyChoice& choice, std::uint64_t keys);

  /// A key below `count` > 0; `elapsed` since the traffic's start moves hotspots. O(log keys).
  std::uint64_t choose(std::uint64_t count, Nanoseconds elapsed, Random& random) const;

 private:
  std::uint64_t zipf_rank(Random& random) const;

  KeyChoice choice_;
  /// Zipf: sums of the weights of ranks 0..i, in q32.
  std::vector<std::uint64_t> cumulative_;
};

}  // namespace shardproof::sim
