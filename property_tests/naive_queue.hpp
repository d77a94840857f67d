// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <tuple>

#include "core/base/units.hpp"

namespace shardproof::testing {

/// The oracle of the event queue: the order (time, tie, sequence) spelt out as the key of a map.
/// Events are named by their sequence, 1 for the first one pushed.
class NaiveQueue {
 public:
  struct Delivered {
    Instant time;
    std::uint32_t tie = 0;
    std::uint64_t sequence = 0;
    std::uint64_t payload = 0;
  };

  std::size_t size() const { return events_.size(); }

  std::uint64_t push(Instant time, std::uint32_t tie, std::uint64_t payload) {
    ++last_sequence_;
    events_[Key{time, tie, last_sequence_}] = payload;
    return last_sequence_;
  }

  bool cancel(std::uint64_t sequence) {
    for (auto event = events_.begin(); event != events_.end(); ++event) {
      if (std::get<2>(event->first) != sequence) continue;
      events_.erase(event);
      return true;
    }
    return false;
  }

  Instant next_time() const {
    return events_.empty() ? Instant::never() : std::get<0>(events_.begin()->first);
  }

  std::optional<Delivered> pop() {
    if (events_.empty()) return std::nullopt;
    const auto [key, payload] = *events_.begin();
    events_.erase(events_.begin());
    return Delivered{std::get<0>(key), std::get<1>(key), std::get<2>(key), payload};
  }

 private:
  using Key = std::tuple<Instant, std::uint32_t, std::uint64_t>;

  std::map<Key, std::uint64_t> events_;
  std::uint64_t last_sequence_ = 0;
};

}  // namespace shardproof::testing
