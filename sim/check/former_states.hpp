// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <vector>

#include "sim/check/key_ledger.hpp"

namespace shardproof::sim::check {

/// What the last overwritten keys were before, as the ledger knows only what they are: a cache of
/// fixed size, so a state may be forgotten, but what it tells is true. O(1) each.
class FormerStates {
 public:
  struct State {
    KeyTag tag;
    /// The key was so from this write on (zero: it was never written) and until before that one.
    Version since;
    Version until;
    std::uint64_t digest = 0;
    bool tombstone = false;
  };

  /// The write `until` takes the place of the key's present state; null if it is the first.
  void note(const KeyTag& tag, const KeyState* present, Version until) {
    if (sets_.empty()) sets_.resize(kSets);
    Set& set = sets_[tag.check % kSets];
    State& state = set.states[set.next++ % kWays];
    state = {tag, Version(), until, 0, false};
    if (present == nullptr) return;
    state.since = present->applied;
    state.digest = present->digest;
    state.tombstone = present->tombstone;
  }

  /// What the key was when `applied` was the last write applied; null if that is not known.
  const State* find(const KeyTag& tag, Version applied) const {
    if (sets_.empty()) return nullptr;
    for (const State& state : sets_[tag.check % kSets].states) {
      if (state.tag == tag && state.since <= applied && applied < state.until) return &state;
    }
    return nullptr;
  }

 private:
  static constexpr std::size_t kSets = 1024;
  static constexpr std::size_t kWays = 4;
  struct Set {
    std::array<State, kWays> states;
    std::uint32_t next = 0;
  };

  std::vector<Set> sets_;
};

}  // namespace shardproof::sim::check
