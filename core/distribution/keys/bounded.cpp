// SPDX-License-Identifier: Apache-2.0
#include "core/distribution/keys/bounded.hpp"

#include "core/base/wide.hpp"
#include "core/distribution/keys/rehash.hpp"

namespace shardproof::distribution {

BoundedMap::BoundedMap(KeyMapRequest request_made)
    : KeyMap(std::move(request_made)),
      ring_(request()),
      c_(request().ratio("c")),
      jumps_(request().number("jumps") == 1),
      loads_(nodes()),
      capacities_(nodes()) {
  for (std::uint32_t node = 0; node < nodes(); ++node) total_weight_ += request().weight(node);
  set_capacities(request().keys);
}

std::uint64_t BoundedMap::capacity(std::uint32_t node, std::uint64_t keys) const {
  // Keys below 2^40, weights below 2^31 and c below 1000 in millionths: 128 bits hold the product.
  const UInt128 scaled = static_cast<UInt128>(keys) * request().weight(node) * c_.numerator();
  const UInt128 whole = static_cast<UInt128>(total_weight_) * c_.denominator();
  return static_cast<std::uint64_t>((scaled + whole - 1) / whole);
}

void BoundedMap::set_capacities(std::uint64_t keys) {
  announced_ = keys;
  for (std::uint32_t node = 0; node < nodes(); ++node) capacities_[node] = capacity(node, keys);
}

std::size_t BoundedMap::taken_point(std::uint64_t hash) {
  if (++placed_ > announced_) set_capacities(placed_);
  std::size_t point = ring_.successor(hash);
  const std::uint64_t jumps_max = jumps_ ? std::uint64_t{64} * nodes() : 0;
  for (std::uint64_t jump = 0; is_full(ring_.owner_at(point)); ++jump) {
    point = jump < jumps_max ? ring_.successor(rehash(hash, jump)) : (point + 1) % ring_.points();
  }
  ++loads_[ring_.owner_at(point)];
  return point;
}

void BoundedMap::place(std::span<const Key> keys, std::span<std::uint32_t> owners) {
  for (std::size_t i = 0; i < keys.size(); ++i) {
    owners[i] = ring_.owner_at(taken_point(keys[i].hash));
  }
}

std::vector<std::uint32_t> BoundedMap::replicas(const Key& key, std::uint32_t count) {
  return ring_.distinct_from(taken_point(key.hash), count);
}

std::unique_ptr<KeyMap> BoundedMap::resized(std::uint32_t nodes,
                                            std::vector<std::uint64_t> weights) const {
  return std::make_unique<BoundedMap>(request().with_nodes(nodes, std::move(weights)));
}

std::uint64_t BoundedMap::table_bytes() const {
  return ring_.table_bytes() + loads_.size() * (sizeof(loads_[0]) + sizeof(capacities_[0]));
}

Result<void> bounded_fits(const KeyMapRequest& request) {
  if (request.ratio("c").denominator() > 1'000'000)
    return fail("option c: has more than six decimals");
  return {};
}

}  // namespace shardproof::distribution
