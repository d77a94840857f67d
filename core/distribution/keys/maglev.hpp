// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <vector>

#include "core/base/result.hpp"
#include "core/distribution/keys/key_map.hpp"

namespace shardproof::distribution {

/// Maglev hashing (Eisenbud et al. 2016, section 3.4): a table of M slots, M prime (option
/// `table`), looked up by the hash modulo M.
///
/// Node i prefers the slots offset + j * skip mod M, j = 0, 1, ..., with offset = XXH64 of
/// `node-<i>` mod M and skip = XXH64 with the next seed mod (M - 1), plus 1. The nodes take turns
/// in order, each taking its next preferred free slot, so that each has floor(M / n) or
/// ceil(M / n) slots. With weights a node takes a turn each time its weights have added up to
/// another of the largest weight, as in Envoy. Build O(M log M) in the mean, O(M^2) at worst;
/// look-up O(1); 4 bytes a slot.
///
/// A node that comes or goes moves its share and some keys between the others (for 100 nodes and
/// 65537 slots about 0.6 % of all).
class MaglevMap final : public PerKeyMap<MaglevMap> {
 public:
  explicit MaglevMap(KeyMapRequest request);

  std::uint32_t owner(const Key& key) const { return slots_[key.hash % slots_.size()]; }
  std::optional<std::vector<std::uint64_t>> shares() const override;
  std::uint64_t table_bytes() const override { return slots_.size() * sizeof(slots_[0]); }

 private:
  std::vector<std::uint32_t> slots_;
};

/// One node's way through the slots.
struct MaglevPreference {
  std::uint64_t offset = 0;  ///< below the table's size
  std::uint64_t skip = 1;    ///< from 1 to one below it
};

/// Whether the table's size is prime and no less than the number of nodes, now and later.
Result<void> maglev_fits(const KeyMapRequest& request);

/// The node of each of `size` slots, `size` prime; one weight above zero for each preference.
std::vector<std::uint32_t> maglev_table(const std::vector<MaglevPreference>& preferences,
                                        const std::vector<std::uint64_t>& weights,
                                        std::uint64_t size);

}  // namespace shardproof::distribution
