// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <vector>

#include "core/distribution/keys/key_map.hpp"
#include "core/distribution/placement/rendezvous.hpp"

namespace shardproof::distribution {

/// CRUSH (Weil, Brandt, Miller, Maltzahn 2006) with straw2 buckets: a root of failure domains, each
/// of `domain` nodes in order (the last may have fewer; with 1 a node is its own domain).
///
/// Straw2: each item of a bucket draws a straw of length ln(u) / weight, u = rehash(hash ^ seed, r)
/// / 2^64 for try number r, with the item's seed XXH64 of `node-<i>` or `domain-<i>`; the longest
/// wins, of equals the lower item. The straw is of 64 bits and compared exactly, see
/// RendezvousScore: Ceph's own has 16 bits and a table of logarithms, so that its figures are not
/// these. A domain weighs what its nodes do together.
///
/// Copies (firstn): for each a domain is chosen, then a node in it; where the domain has a copy
/// already, the next r. After 50 tries (Ceph's) more than copies, as where one
/// domain outweighs all others, the rest is filled with the nodes of try 0,
/// longest straw first, whatever their domain. Look-up O(n) flat, O(d + n / d) with d domains; 16
/// bytes a node and a domain. A change of one weight moves keys only to and from that node where it
/// is flat; with domains also inside of its domain.
class Straw2Map final : public PerKeyMap<Straw2Map> {
 public:
  explicit Straw2Map(KeyMapRequest request);

  std::uint32_t owner(const Key& key) const { return chosen(key.hash, 0); }
  std::vector<std::uint32_t> replicas(const Key& key, std::uint32_t count) override;
  std::uint64_t table_bytes() const override {
    return (items_.size() + domains_.size()) * sizeof(Item);
  }

 private:
  struct Item {
    std::uint64_t seed = 0;
    std::uint64_t weight = 1;
  };

  std::uint32_t domain_of(std::uint32_t node) const { return node / domain_nodes_; }
  /// The node of try `r`.
  std::uint32_t chosen(std::uint64_t hash, std::uint64_t r) const;
  /// The index of the longest straw; `is_even` if all weights are equal.
  static std::uint32_t longest(std::span<const Item> items, bool is_even, std::uint64_t hash,
                               std::uint64_t r);
  static RendezvousScore straw(const Item& item, bool is_even, std::uint64_t hash, std::uint64_t r);
  /// Adds nodes that are not there, whatever their domain, until there are `wanted`.
  void fill(const Key& key, std::uint32_t wanted, std::vector<std::uint32_t>& found) const;

  std::uint32_t domain_nodes_;
  bool nodes_are_even_ = true;    ///< in weight
  bool domains_are_even_ = true;  ///< likewise
  std::vector<Item> items_;
  std::vector<Item> domains_;  ///< empty if each node is its own
};

}  // namespace shardproof::distribution
