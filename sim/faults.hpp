// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <compare>
#include <cstdint>
#include <utility>
#include <vector>

namespace shardproof::sim {

/// Names one fault that is on. Numbers rise from 1 within the object that gives them out and are
/// never used again, so that overlapping faults end separately and in any order.
struct FaultId {
  std::uint64_t value = 0;
  friend constexpr auto operator<=>(FaultId, FaultId) = default;
};

/// The faults that are on, in the order in which they began. Few at a time: everything is linear.
template <typename Fault>
class ActiveFaults {
 public:
  struct Entry {
    FaultId id;
    Fault fault;
  };

  FaultId add(Fault fault) {
    const FaultId id{next_++};
    entries_.push_back({id, std::move(fault)});
    return id;
  }
  /// False if it has ended before.
  bool remove(FaultId id) {
    const auto found = std::find_if(entries_.begin(), entries_.end(),
                                    [id](const Entry& entry) { return entry.id == id; });
    if (found == entries_.end()) return false;
    entries_.erase(found);
    return true;
  }

  /// All have ended.
  void clear() { entries_.clear(); }

  bool empty() const { return entries_.empty(); }
  auto begin() const { return entries_.begin(); }
  auto end() const { return entries_.end(); }

 private:
  std::vector<Entry> entries_;
  std::uint64_t next_ = 1;
};

}  // namespace shardproof::sim
