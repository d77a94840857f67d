// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <variant>

#include "core/config.hpp"
#include "sim/network.hpp"

namespace shardproof::sim {

/// How large a world is that has nothing left to do but to tell that it lives.
struct RestingWorld {
  Timing timing;
  Nanoseconds sample_every;
  std::uint64_t machines = 0;
  std::uint64_t shards_unserved = 0;  ///< whose holders ask for one who serves, in vain
  std::uint64_t backlog = 0;          ///< messages that were on their way when the rest began
};

/// At most so many events within `span`: heartbeats and their answers, campaigns for the
/// coordinator's office, the timers of periodic work, samples, and what those who hold a shard that
/// cannot be served go on asking for. Each is counted about twice as often as it comes. A message
/// of the backlog comes once, and so does an answer to it.
std::uint64_t resting_events_max(const RestingWorld& world, Nanoseconds span);

/// Counts what happens from some moment on.
class QuietMeter {
 public:
  /// `backlog`: messages that are on their way.
  void begin(std::uint64_t events, std::uint64_t backlog, const NetworkCounters& network);
  std::uint64_t backlog() const { return backlog_; }
  std::uint64_t events(std::uint64_t now) const { return now - events_before_; }
  /// "AppendEntries (1,234 times)": the kind of message that was sent most often, of those the
  /// first; empty if none was.
  std::string most_sent(const NetworkCounters& network) const;

 private:
  std::uint64_t events_before_ = 0;
  std::uint64_t backlog_ = 0;
  std::array<std::uint64_t, std::variant_size_v<Message>> sent_before_{};
};

}  // namespace shardproof::sim
