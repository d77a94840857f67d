// SPDX-License-Identifier: Apache-2.0
#include "sim/kernel/trace_digest.hpp"

#include <algorithm>

#include "core/base/check.hpp"

namespace shardproof::sim {

TraceDigest::TraceDigest() {
  checkpoints_.reserve(kMaxCheckpoints);
  checkpoints_.push_back(current());
}

void TraceDigest::add_checkpoint() {
  if (checkpoints_.size() == kMaxCheckpoints) {
    for (std::size_t i = 1; 2 * i < kMaxCheckpoints; ++i) checkpoints_[i] = checkpoints_[2 * i];
    checkpoints_.resize(kMaxCheckpoints / 2);
    interval_ *= 2;
  }
  if (events_ % interval_ == 0) checkpoints_.push_back(current());
}

std::optional<Divergence> first_divergence(std::span<const Checkpoint> a,
                                           std::span<const Checkpoint> b) {
  SHARDPROOF_CHECK(!a.empty() && !b.empty());
  if (a.back() == b.back()) return std::nullopt;
  const std::uint64_t shorter = std::min(a.back().events, b.back().events);
  Divergence found{0, shorter + (a.back().events == b.back().events ? 0 : 1)};
  for (std::size_t i = 0, j = 0; i < a.size() && j < b.size();) {
    if (a[i].events < b[j].events) {
      ++i;
    } else if (b[j].events < a[i].events) {
      ++j;
    } else if (a[i].digest == b[j].digest) {
      found.same_until = a[i].events;
      ++i;
      ++j;
    } else {
      found.differs_by = a[i].events;
      break;
    }
  }
  return found;
}

std::optional<Divergence> first_divergence(const TraceDigest& a, const TraceDigest& b) {
  const auto with_end = [](const TraceDigest& digest) {
    std::vector<Checkpoint> list(digest.checkpoints().begin(), digest.checkpoints().end());
    if (list.back().events != digest.events()) list.push_back(digest.current());
    return list;
  };
  return first_divergence(with_end(a), with_end(b));
}

}  // namespace shardproof::sim
