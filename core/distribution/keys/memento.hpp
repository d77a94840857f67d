// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <unordered_map>
#include <vector>

#include "core/distribution/keys/key_map.hpp"

namespace shardproof::distribution {

/// MementoHash (Coluzzi, Brocco, Antonucci, Leidi 2023): jump consistent hash that remembers which
/// buckets are gone, so that any may go. They come back last in, first out.
///
/// Look-up: b = jump(hash, size); while b is gone and c buckets worked after it went: b =
/// rehash(hash, b) mod c, and on to what replaced b as long as that went before. In the mean
/// ln(size / working) rounds beyond the jump. Memory only for the buckets that are gone.
class MementoTable {
 public:
  /// Buckets 0..size-1 work, size >= 1.
  explicit MementoTable(std::uint32_t size) : size_(size), last_removed_(size) {}

  std::uint32_t bucket(std::uint64_t hash) const;
  /// A working bucket goes, which is not the last one.
  void remove(std::uint32_t bucket);
  /// The bucket that went last works again, or if none is gone a new one. Returns it.
  std::uint32_t add();

  std::uint32_t size() const { return size_; }
  std::uint32_t working() const { return size_ - static_cast<std::uint32_t>(gone_.size()); }
  std::uint64_t bytes() const { return gone_.size() * (sizeof(std::uint32_t) + sizeof(Gone)); }

 private:
  struct Gone {
    std::uint32_t replacer = 0;  ///< a bucket: how many worked after it went
    std::uint32_t previous = 0;  ///< the one that went before it
  };

  std::uint32_t size_;
  std::uint32_t last_removed_;
  std::unordered_map<std::uint32_t, Gone> gone_;  // lint: keyed access only
};

/// MementoHash of the key's hash. Equal nodes only. With the option `removed` so many nodes more
/// were there once and have gone, drawn at random (stream "memento", "removed"); then node i is the
/// i-th bucket that works, nodes that come take the buckets of those that went, and 4 bytes a
/// bucket and node say which is which. Without it buckets are nodes, and all is as with jump.
///
/// A node that comes or goes moves its share and nothing else.
class MementoMap final : public PerKeyMap<MementoMap> {
 public:
  explicit MementoMap(KeyMapRequest request);

  std::uint32_t owner(const Key& key) const {
    const std::uint32_t bucket = table_.bucket(key.hash);
    return nodes_.empty() ? bucket : nodes_[bucket];
  }
  std::unique_ptr<KeyMap> resized(std::uint32_t nodes,
                                  std::vector<std::uint64_t> weights) const override;
  std::uint64_t table_bytes() const override {
    return table_.bytes() + sizeof(std::uint32_t) * (nodes_.size() + buckets_.size());
  }

 private:
  void remove_at_random(std::uint64_t count);
  void remove_last_node();
  void add_node();

  MementoTable table_;
  std::vector<std::uint32_t> nodes_;    ///< by bucket; empty if each is its own
  std::vector<std::uint32_t> buckets_;  ///< by node; empty likewise
};

}  // namespace shardproof::distribution
