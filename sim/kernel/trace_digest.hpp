// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "core/base/stable_hash.hpp"
#include "core/base/units.hpp"

namespace shardproof::sim {

/// The digest of the first `events` events of a run.
struct Checkpoint {
  std::uint64_t events = 0;
  std::uint64_t digest = 0;
  friend bool operator==(const Checkpoint&, const Checkpoint&) = default;
};

/// A rolling 64-bit digest of every delivered event, always on: two runs are the same if and only
/// if (but for a chance of 2^-64) they have the same number of events and the same digest.
/// Checkpoints on the way tell where two runs part. Folding one event takes a few nanoseconds;
/// events differing in a single word never collide.
class TraceDigest {
 public:
  /// Checkpoints kept at most; when full, every second one goes and the interval doubles.
  static constexpr std::size_t kMaxCheckpoints = 4096;
  static constexpr std::uint64_t kFirstInterval = 64;

  TraceDigest();

  /// One delivered event: when, and three words that say what it is, by convention kind and
  /// participants, then two of content.
  void fold(Instant time, std::uint64_t a, std::uint64_t b, std::uint64_t c) {
    std::uint64_t event = combine64(static_cast<std::uint64_t>(time.count()) + kSalt, a);
    event = combine64(event, b);
    event = combine64(event, c);
    state_ = combine64(state_, event);
    ++events_;
    if ((events_ & (interval_ - 1)) == 0) add_checkpoint();
  }

  std::uint64_t events() const { return events_; }
  std::uint64_t value() const { return mix64(state_); }

  /// The number of events between checkpoints, a power of two.
  std::uint64_t interval() const { return interval_; }
  /// At each multiple of interval() events, ascending, beginning with 0 events.
  std::span<const Checkpoint> checkpoints() const { return checkpoints_; }
  /// Where the run stands now.
  Checkpoint current() const { return {events_, value()}; }

 private:
  static constexpr std::uint64_t kSalt = 0x9e3779b97f4a7c15u;

  void add_checkpoint();

  std::uint64_t state_ = kSalt;
  std::uint64_t events_ = 0;
  std::uint64_t interval_ = kFirstInterval;
  std::vector<Checkpoint> checkpoints_;
};

/// The first event in which two runs differ, counted from 1, is in (same_until, differs_by].
struct Divergence {
  std::uint64_t same_until = 0;
  std::uint64_t differs_by = 0;
  friend bool operator==(const Divergence&, const Divergence&) = default;
};

/// Where two runs part, as precisely as the checkpoints tell: the event counts that both lists have
/// are compared. Each list is ascending and ends with the run's end, which may be between
/// intervals. Nothing if the runs are the same. A run that ended early differs by the first event
/// it lacks.
std::optional<Divergence> first_divergence(std::span<const Checkpoint> a,
                                           std::span<const Checkpoint> b);

/// The same for two digests as they stand.
std::optional<Divergence> first_divergence(const TraceDigest& a, const TraceDigest& b);

}  // namespace shardproof::sim
