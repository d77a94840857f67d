// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <vector>

#include "core/document.hpp"

namespace shardproof::sim::check {

/// The tree of all logs that a shard's replicas may have, from the entries that leaders accepted:
/// it tells which log contains which entry without keeping any log. By the log matching property
/// (Ongaro and Ousterhout 2014, section 5.3) a log is known by its last entry's version; one
/// leader's epoch is a chain without branches, so the tree is kept as one record for each epoch
/// that wrote entries.
///
/// 1. eras are in order of epoch;
/// 2. the entries of an era are base.index+1 .. last.index, and base is of an earlier era (or
/// zero).
class LogLineage {
 public:
  /// Whether a leader may place `entry` behind `previous`: not if the place is taken, or does not
  /// follow from the one before it. O(1) for recent epochs.
  bool accepts(Version entry, Version previous) const;
  /// A leader placed `entry` behind `previous`; ignored if that is not accepted.
  void accept(Version entry, Version previous);

  /// Whether some leader accepted an entry of this version. Zero is known. O(eras since).
  bool knows(Version entry) const;
  /// Whether the log that ends with `end` contains `entry`; every log contains zero. Amortised O(1)
  /// for recent entries, O(eras between) else.
  bool contains(Version end, Version entry) const {
    if (end.epoch == entry.epoch) return entry.index <= end.index;
    return end.epoch > entry.epoch && contains_earlier(end, entry);
  }
  /// The last entry that the logs that end with `one` and `other` share; zero if there is none.
  /// O(eras between).
  Version last_common(Version one, Version other) const;
  /// The version at `index` in the log that ends with `end`; zero if there is none.
  Version version_at(Version end, LogIndex index) const;

 private:
  struct Era {
    Epoch epoch;
    Version base;
    LogIndex last;
  };

  const Era* find(Epoch epoch) const;
  bool contains_earlier(Version end, Version entry) const;

  std::vector<Era> eras_;
};

}  // namespace shardproof::sim::check
