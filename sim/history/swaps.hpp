// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <utility>
#include <vector>

#include "sim/history/document_story.hpp"

namespace shardproof::sim::history {

/// A content is replaced once: two swaps that are done cannot both have replaced the same one.
/// (That it was there at the time is the zones' matter.)
class Swaps {
 public:
  /// O(n log n) for n swaps.
  std::optional<Contradiction> judge(const DocumentStory& story);

 private:
  /// Replaced content, record.
  std::vector<std::pair<std::uint64_t, std::uint32_t>> done_;
};

}  // namespace shardproof::sim::history
