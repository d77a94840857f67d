// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace shardproof::sim {

/// How often a run has drawn from one of its random streams. The seed, the name and the number of
/// the draw decide its value, so that the numbers tell everything that chance has decided.
struct StreamUse {
  std::string site;                  ///< where draws are made: "network.delay"
  std::string subject;               ///< for whom: "n3"; empty where there is only one
  std::vector<std::uint64_t> draws;  ///< at each of `StreamUses::marks`
};

struct StreamUses {
  /// Numbers of delivered events, ascending: powers of two from kFirstStreamMark on, and the run's
  /// end. None: nobody has counted.
  std::vector<std::uint64_t> marks;
  std::vector<StreamUse> streams;  ///< by site, then in the order of subjects; no name twice
};
inline constexpr std::uint64_t kFirstStreamMark = 64;

/// A stream of which two runs have drawn differently often; without a number if the run does not
/// have it.
struct StreamDifference {
  std::string site;
  std::string subject;
  std::optional<std::uint64_t> recorded;
  std::optional<std::uint64_t> now;
};

/// The streams that differ at the first mark at which any does.
struct StreamsPart {
  std::uint64_t same_until = 0;  ///< the mark before, or zero
  std::uint64_t by_event = 0;
  std::vector<StreamDifference> streams;  ///< at least one, in the order of `StreamUses`
};

/// Where and by what decisions two runs part; nothing if they drew the same at every mark that both
/// have. A stream that one run does not have is the same as one of which nothing was drawn, for
/// some are made only when they are needed. O(marks * streams * log streams).
std::optional<StreamsPart> part(const StreamUses& recorded, const StreamUses& now);

}  // namespace shardproof::sim
