// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstdint>
#include <limits>
#include <optional>
#include <vector>

#include "core/base/units.hpp"
#include "core/operation.hpp"

namespace shardproof::sim {

/// Latencies in buckets that are exact below 256 ns and at most 1/128 of their value wide above
/// (log-linear, as in HdrHistogram), over the whole range of `Nanoseconds`. As many buckets as
/// the largest latency asks for, 60 KiB at most; recording takes a few instructions.
class LatencyHistogram {
 public:
  /// A negative latency counts as zero.
  void record(Nanoseconds latency);
  /// Forgets all. O(buckets from the least to the largest latency), as `percentile` is.
  void clear();
  std::uint64_t count() const { return count_; }
  Nanoseconds max() const { return max_; }
  /// The smallest recorded latency that at least `percent` of all do not exceed (nearest rank, 1 to
  /// 100), rounded up to its bucket's end but not above `max()`: never too small, at most 1/128 too
  /// large. Nothing without a record.
  std::optional<Nanoseconds> percentile(std::uint32_t percent) const;

 private:
  static constexpr unsigned kPrecisionBits = 7;
  static std::size_t bucket_of(std::uint64_t value);
  static std::uint64_t last_value_of(std::size_t bucket);

  std::vector<std::uint64_t> buckets_;
  /// Of those that are not empty; without any all of them are before.
  std::size_t first_bucket_ = std::numeric_limits<std::size_t>::max();
  std::uint64_t count_ = 0;
  Nanoseconds max_;
};

/// Latencies of the requests of one kind.
struct KindLatency {
  LatencyHistogram all;     ///< of the run
  LatencyHistogram recent;  ///< answered since the last sample

  void record(Nanoseconds latency) {
    all.record(latency);
    recent.record(latency);
  }
};

/// How the clients' requests ended.
struct ClientTally {
  std::uint64_t requests = 0;
  std::uint64_t retries = 0;
  std::uint64_t ok = 0;
  std::uint64_t failed = 0;
  std::uint64_t unknown = 0;
  std::uint64_t replica_reads = 0;
  std::uint64_t refused_cross_shard = 0;
  std::uint64_t refused_shard_key = 0;
  LatencyHistogram latency;  ///< of those that are ok
  KindLatency reads;         ///< the same of reads, scans and counts
  KindLatency writes;        ///< and of all that may change a document, transactions too

  /// The final outcome of one request. Ok is every answer to what was asked, also that there is no
  /// such document, already one, or another version; failed is refused or given up without effect.
  void on_reply(ReplyStatus status, bool is_write, Nanoseconds latency);
  /// A sampling interval ends.
  void on_interval() {
    reads.recent.clear();
    writes.recent.clear();
  }
};

}  // namespace shardproof::sim
