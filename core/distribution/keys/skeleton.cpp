// SPDX-License-Identifier: Apache-2.0
#include "core/distribution/keys/skeleton.hpp"

#include <algorithm>

#include "core/distribution/keys/rehash.hpp"
#include "core/distribution/keys/rendezvous_map.hpp"
#include "core/distribution/placement/rendezvous.hpp"

namespace shardproof::distribution {

SkeletonMap::SkeletonMap(KeyMapRequest request_made)
    : PerKeyMap(std::move(request_made)), fanout_(request().number("fanout")), sums_{0} {
  while (room_ < nodes()) room_ *= fanout_;
  for (std::uint32_t node = 0; node < nodes(); ++node) {
    sums_.push_back(sums_.back() + request().weight(node));
  }
}

std::uint64_t SkeletonMap::weight(std::uint64_t first, std::uint64_t room) const {
  return sums_[std::min<std::uint64_t>(first + room, nodes())] - sums_[first];
}

std::uint32_t SkeletonMap::owner(const Key& key) const {
  std::uint64_t first = 0;
  for (std::uint64_t room = room_; room > 1;) {
    const std::uint64_t end = std::min<std::uint64_t>(first + room, nodes());
    room /= fanout_;
    const std::uint64_t level_hash = rehash(key.hash, room);
    const auto score = [&](std::uint64_t child) {
      return RendezvousScore(rehash(level_hash, child), weight(child, room));
    };
    RendezvousScore best = score(first);
    for (std::uint64_t child = first + room; child < end; child += room) {
      const RendezvousScore other = score(child);
      if (!other.beats(best)) continue;
      best = other;
      first = child;
    }
  }
  return static_cast<std::uint32_t>(first);
}

std::unique_ptr<KeyMap> build_rendezvous(KeyMapRequest request) {
  if (request.number("fanout") == 0) return std::make_unique<RendezvousMap>(std::move(request));
  return std::make_unique<SkeletonMap>(std::move(request));
}

Result<void> rendezvous_fits(const KeyMapRequest& request) {
  if (request.number("fanout") == 1) return fail("option fanout: 0, or at least 2");
  return {};
}

}  // namespace shardproof::distribution
