// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <vector>

#include "sim/history/presence.hpp"
#include "sim/history/sessions.hpp"
#include "sim/history/swaps.hpp"
#include "sim/history/zones.hpp"
#include "sim/observe/run_result.hpp"

namespace shardproof::sim::history {

/// Judges one document after another by what is known of each from outside.
class DocumentJudge {
 public:
  DocumentJudge(const History& history, Staleness staleness) : story_(history, staleness) {}

  /// What contradicts itself in the document whose records `own` are, if something does. Nothing is
  /// reported that a correct document can have shown. O(n log n) for n records.
  std::optional<Contradiction> judge(std::span<const std::uint32_t> own);
  /// Of the document that was judged last.
  const DocumentStory& story() const { return story_; }

 private:
  DocumentStory story_;
  Zones zones_;
  Presence presence_;
  Swaps swaps_;
  Sessions sessions_;
};

/// A document whose history has no explanation. Times are true times.
struct Finding {
  std::uint32_t key = 0;  ///< index into `History::keys`
  std::string message;
  Instant time;  ///< when the last of the operations was answered, or asked if it was not
  std::uint64_t event = 0;  ///< likewise
  ClientLanes lanes;
};

struct Judgement {
  std::uint64_t documents = 0;    ///< judged
  std::vector<Finding> findings;  ///< in order of time, then of keys
};

/// The second judgement of a run, by what clients asked and were told alone: every document but
/// those for which `is_excused` holds. O(n log n) for n records.
Judgement judge(const History& history, Staleness staleness,
                const std::function<bool(const History::Key&)>& is_excused);

}  // namespace shardproof::sim::history
