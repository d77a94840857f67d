// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <vector>

#include "core/base/units.hpp"

namespace shardproof::sim::check {

/// The room that a disk has had at least, over a while up to now: so much may be taken to be there
/// by somebody who hears of it late. Times do not decrease.
class LeastRoom {
 public:
  /// There is `room` from `now` on. What was more than `window` before is forgotten. O(changes
  /// within the window), amortised O(1).
  void note(Bytes room, Instant now, Nanoseconds window);
  /// The least that there was from `since` on, which is in the window; without limit if none was
  /// noted. O(changes within the window).
  Bytes since(Instant since) const;

 private:
  struct Past {
    Bytes room;
    Instant until;
  };
  /// Ascending by both, and less than `room_`: of what was followed by less nothing is kept.
  std::vector<Past> past_;
  Bytes room_ = Bytes::max();
};

}  // namespace shardproof::sim::check
