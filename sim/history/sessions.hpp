// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <tuple>
#include <vector>

#include "sim/history/document_story.hpp"

namespace shardproof::sim::history {

/// What a client may rely on that reads from replicas (Terry et al., "Session guarantees for weakly
/// consistent replicated data", PDIS 1994), as far as one document shows it: its reads are never of
/// something older than what it has read or written itself, by whichever copy. And since every
/// answer is of a committed prefix, no two clients see two contents in opposite orders.
///
/// Older is what must come before in every explanation of the whole history: known before the other
/// was last asked for. Longer circles than of two contents are not looked for.
class Sessions {
 public:
  /// O(n log n) for n records; O(n) if no replica was asked.
  std::optional<Contradiction> judge(const DocumentStory& story);

 private:
  /// A client was told of one content, and later of another one.
  struct Order {
    std::uint32_t before = kNoIndex;  ///< values
    std::uint32_t after = kNoIndex;
    std::uint32_t before_record = kNoIndex;
    std::uint32_t after_record = kNoIndex;
  };
  /// What the client was told so far: last, and what was asked for last of all.
  struct Told {
    std::uint32_t value = kNoIndex;
    std::uint32_t record = kNoIndex;
    std::uint32_t newest = kNoIndex;
    std::uint32_t newest_record = kNoIndex;
    std::uint32_t removal = kNoIndex;  ///< record of its last own one
  };

  std::optional<Contradiction> judge_client(const DocumentStory& story, std::size_t first,
                                            std::size_t end);
  std::optional<Contradiction> judge_read(const DocumentStory& story, const Told& told,
                                          std::uint32_t index);
  std::optional<Contradiction> judge_nothing(const DocumentStory& story, const Told& told,
                                             std::uint32_t index) const;
  std::optional<Contradiction> judge_orders(const DocumentStory& story);

  /// (client, record) of what clients were told.
  std::vector<std::tuple<ClientId, std::uint32_t>> told_;
  std::vector<Order> orders_;
};

}  // namespace shardproof::sim::history
