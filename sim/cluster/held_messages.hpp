// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <utility>
#include <vector>

#include "core/base/random.hpp"
#include "sim/cluster/world_event.hpp"

namespace shardproof::sim {

/// Messages that have arrived at a clogged path and wait for its end.
///
/// Stream: its own, which draws the order in which they go on.
class HeldMessages {
 public:
  explicit HeldMessages(Random random) : random_(random) {}

  void hold(const WorldEvent& event) { held_.push_back(event); }
  /// Takes out all that `is_held(event)` is false of now, in an order of their own (Fisher, Yates).
  /// O(messages held); one draw for each that is released.
  template <typename IsHeld>
  std::vector<WorldEvent> release(IsHeld&& is_held) {
    std::vector<WorldEvent> released;
    std::vector<WorldEvent> kept;
    for (const WorldEvent& event : held_) (is_held(event) ? kept : released).push_back(event);
    held_ = std::move(kept);
    for (std::size_t left = released.size(); left > 1; --left) {
      const auto pick = static_cast<std::size_t>(random_.below(left));
      std::swap(released[left - 1], released[pick]);
    }
    return released;
  }

  Random& stream() { return random_; }

 private:
  std::vector<WorldEvent> held_;
  Random random_;
};

}  // namespace shardproof::sim
