// SPDX-License-Identifier: Apache-2.0
#include "sim/check/log_lineage.hpp"

#include <algorithm>

namespace shardproof::sim::check {

const LogLineage::Era* LogLineage::find(Epoch epoch) const {
  // Nearly always the last or the one before.
  for (auto era = eras_.rbegin(); era != eras_.rend() && era->epoch >= epoch; ++era) {
    if (era->epoch == epoch) return &*era;
  }
  return nullptr;
}

bool LogLineage::accepts(Version entry, Version previous) const {
  if (entry.index != previous.index.next()) return false;
  const Era* era = find(entry.epoch);
  if (era != nullptr) return previous.epoch == entry.epoch && previous.index == era->last;
  return previous.epoch < entry.epoch && knows(previous);
}

void LogLineage::accept(Version entry, Version previous) {
  if (!accepts(entry, previous)) return;
  const auto at = std::lower_bound(eras_.begin(), eras_.end(), entry.epoch,
                                   [](const Era& era, Epoch epoch) { return era.epoch < epoch; });
  if (at != eras_.end() && at->epoch == entry.epoch) {
    at->last = entry.index;
  } else {
    eras_.insert(at, Era{entry.epoch, previous, entry.index});
  }
}

bool LogLineage::knows(Version entry) const {
  if (entry == Version::zero()) return true;
  const Era* era = find(entry.epoch);
  return era != nullptr && entry.index > era->base.index && entry.index <= era->last;
}

bool LogLineage::contains_earlier(Version end, Version entry) const {
  if (entry == Version::zero()) return true;
  while (end.epoch > entry.epoch) {
    const Era* era = find(end.epoch);
    if (era == nullptr) return false;
    end = era->base;
  }
  return end.epoch == entry.epoch && entry.index <= end.index;
}

Version LogLineage::last_common(Version one, Version other) const {
  while (one.epoch != other.epoch) {
    Version& later = one.epoch > other.epoch ? one : other;
    const Era* era = find(later.epoch);
    if (era == nullptr) return Version::zero();
    later = era->base;
  }
  return std::min(one, other);
}

Version LogLineage::version_at(Version end, LogIndex index) const {
  if (index > end.index || index == LogIndex()) return Version::zero();
  for (const Era* era = find(end.epoch); era != nullptr; era = find(end.epoch)) {
    if (index > era->base.index) return {end.epoch, index};
    end = era->base;
  }
  return Version::zero();
}

}  // namespace shardproof::sim::check
