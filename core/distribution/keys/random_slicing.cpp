// SPDX-License-Identifier: Apache-2.0
#include "core/distribution/keys/random_slicing.hpp"

#include <algorithm>
#include <limits>

namespace shardproof::distribution {
namespace {

constexpr std::uint32_t kNobody = std::numeric_limits<std::uint32_t>::max();
constexpr UInt128 kKeySpace = static_cast<UInt128>(1) << 64;

std::vector<UInt128> exact_shares(std::uint32_t nodes, const std::vector<std::uint64_t>& weights) {
  const auto weight = [&](std::uint32_t node) {
    return weights.empty() ? std::uint64_t{1} : weights[node];
  };
  UInt128 total = 0;
  for (std::uint32_t node = 0; node < nodes; ++node) total += weight(node);
  std::vector<UInt128> shares;
  UInt128 before = 0;
  UInt128 sum = 0;
  for (std::uint32_t node = 0; node < nodes; ++node) {
    sum += weight(node);
    const UInt128 cut = (sum << 64) / total;
    shares.push_back(cut - before);
    before = cut;
  }
  return shares;
}

/// Nobody's is `surplus` of the slices, all of one owner, afterwards. What is cut off is appended
/// to `more`.
void give_up(std::vector<KeySlice*> slices, UInt128 surplus, std::vector<KeySlice>& more) {
  std::sort(slices.begin(), slices.end(), [](const KeySlice* a, const KeySlice* b) {
    return a->length != b->length ? a->length < b->length : a->start < b->start;
  });
  for (KeySlice* slice : slices) {
    if (surplus == 0) return;
    if (slice->length <= surplus) {
      surplus -= slice->length;
      slice->owner = kNobody;
      continue;
    }
    slice->length -= surplus;
    more.push_back({slice->start + static_cast<std::uint64_t>(slice->length), surplus, kNobody});
    return;
  }
}

/// Gives the gaps to the nodes that lack something, `lacking` by node, lower nodes first.
std::vector<KeySlice> filled(const std::vector<KeySlice>& slices, std::vector<UInt128> lacking) {
  std::vector<KeySlice> result;
  std::uint32_t taker = 0;
  for (KeySlice slice : slices) {
    while (slice.owner == kNobody) {
      while (lacking.at(taker) == 0) ++taker;
      const UInt128 length = std::min(slice.length, lacking[taker]);
      result.push_back({slice.start, length, taker});
      lacking[taker] -= length;
      slice.start += static_cast<std::uint64_t>(length);
      slice.length -= length;
      if (slice.length == 0) break;
    }
    if (slice.length > 0) result.push_back(slice);
  }
  return result;
}

}  // namespace

SliceTable::SliceTable(std::uint32_t nodes, const std::vector<std::uint64_t>& weights) {
  std::vector<KeySlice> slices;
  std::uint64_t start = 0;
  const auto shares = exact_shares(nodes, weights);
  for (std::uint32_t node = 0; node < nodes; ++node) {
    if (shares[node] > 0) slices.push_back({start, shares[node], node});
    start += static_cast<std::uint64_t>(shares[node]);
  }
  take(slices);
}

void SliceTable::take(const std::vector<KeySlice>& slices) {
  starts_.clear();
  owners_.clear();
  for (const KeySlice& slice : slices) {
    if (!owners_.empty() && owners_.back() == slice.owner) continue;
    starts_.push_back(slice.start);
    owners_.push_back(slice.owner);
  }
}

void SliceTable::resize(std::uint32_t nodes, const std::vector<std::uint64_t>& weights) {
  std::vector<KeySlice> all = slices();
  const auto owners = std::max_element(owners_.begin(), owners_.end());
  std::vector<UInt128> wanted = exact_shares(nodes, weights);
  wanted.resize(std::max<std::size_t>(nodes, *owners + std::size_t{1}));
  std::vector<UInt128> held(wanted.size());
  std::vector<std::vector<KeySlice*>> of_node(wanted.size());
  for (KeySlice& slice : all) {
    held[slice.owner] += slice.length;
    of_node[slice.owner].push_back(&slice);
  }
  std::vector<KeySlice> cut_off;
  std::vector<UInt128> lacking(wanted.size());
  for (std::size_t node = 0; node < wanted.size(); ++node) {
    if (held[node] > wanted[node]) give_up(of_node[node], held[node] - wanted[node], cut_off);
    if (held[node] < wanted[node]) lacking[node] = wanted[node] - held[node];
  }
  all.insert(all.end(), cut_off.begin(), cut_off.end());
  std::sort(all.begin(), all.end(),
            [](const KeySlice& a, const KeySlice& b) { return a.start < b.start; });
  take(filled(all, std::move(lacking)));
}

std::uint32_t SliceTable::owner(std::uint64_t hash) const {
  const auto after = std::upper_bound(starts_.begin(), starts_.end(), hash);
  return owners_[static_cast<std::size_t>(after - starts_.begin()) - 1];
}

std::vector<KeySlice> SliceTable::slices() const {
  std::vector<KeySlice> list;
  for (std::size_t i = 0; i < starts_.size(); ++i) {
    const UInt128 end = i + 1 < starts_.size() ? UInt128{starts_[i + 1]} : kKeySpace;
    list.push_back({starts_[i], end - starts_[i], owners_[i]});
  }
  return list;
}

std::unique_ptr<KeyMap> RandomSlicingMap::resized(std::uint32_t nodes,
                                                  std::vector<std::uint64_t> weights) const {
  auto changed =
      std::make_unique<RandomSlicingMap>(request().with_nodes(nodes, std::move(weights)));
  changed->table_ = table_;
  changed->table_.resize(nodes, changed->request().weights);
  return changed;
}

std::optional<std::vector<std::uint64_t>> RandomSlicingMap::shares() const {
  std::vector<UInt128> held(nodes());
  for (const KeySlice& slice : table_.slices()) held[slice.owner] += slice.length;
  std::vector<std::uint64_t> shares;
  for (const UInt128 share : held) {
    shares.push_back(static_cast<std::uint64_t>(std::min(share, kKeySpace - 1)));
  }
  return shares;
}

}  // namespace shardproof::distribution
