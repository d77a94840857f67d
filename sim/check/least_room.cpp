// SPDX-License-Identifier: Apache-2.0
#include "sim/check/least_room.hpp"

#include <algorithm>

namespace shardproof::sim::check {

void LeastRoom::note(Bytes room, Instant now, Nanoseconds window) {
  if (room == room_) return;
  const auto kept = std::find_if(past_.begin(), past_.end(),
                                 [&](const Past& past) { return now - past.until <= window; });
  past_.erase(past_.begin(), kept);
  if (room > room_) past_.push_back({room_, now});
  while (!past_.empty() && past_.back().room >= room) past_.pop_back();
  room_ = room;
}

Bytes LeastRoom::since(Instant since) const {
  const auto first = std::find_if(past_.begin(), past_.end(),
                                  [&](const Past& past) { return past.until > since; });
  return first == past_.end() ? room_ : first->room;
}

}  // namespace shardproof::sim::check
