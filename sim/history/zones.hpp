// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <vector>

#include "sim/history/document_story.hpp"

namespace shardproof::sim::history {

/// The zones of a document's contents (Gibbons and Korach, "Testing shared memories", SIAM J.
/// Comput. 26(4), 1997, section 4): a content that was known before it was last asked for was there
/// all the time between, in its *forward* zone; any other one may have been there for a moment
/// only, somewhere in its *backward* zone. With contents that are written once, a history of writes
/// and reads has an explanation if and only if no two forward zones overlap and no backward zone
/// lies within a forward one.
class Zones {
 public:
  struct Zone {
    Position from = 0;
    Position until = 0;
    std::uint32_t value = kNoIndex;  ///< index into the story's values
  };

  /// The first contradiction between contents, if there is one; else the zones are those of the
  /// story's contents that happened. O(n log n) for n contents.
  std::optional<Contradiction> judge(const DocumentStory& story);

  /// Disjoint, in order.
  const std::vector<Zone>& forward() const { return forward_; }
  const std::vector<Zone>& backward() const { return backward_; }
  /// The forward zone that lies round all of [from, until], or null. O(log n).
  const Zone* around(Position from, Position until) const;
  /// The first forward zone that ends after `position`; past the end if none does. O(log n).
  std::size_t first_ending_after(Position position) const;

 private:
  std::vector<Zone> forward_;
  std::vector<Zone> backward_;
};

}  // namespace shardproof::sim::history
