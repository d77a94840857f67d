// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <vector>

#include "core/base/units.hpp"
#include "core/operation.hpp"

namespace shardproof::sim {

/// Latencies in buckets that are exact below 256 ns and at most 1/128 of their value wide above
/// (log-linear, as in HdrHistogram), over the whole range of `Nanoseconds`. 60 KiB; recording takes
/// a few instructions.
class LatencyHistogram {
 public:
  LatencyHistogram();

  /// A negative latency counts as zero.
  void record(Nanoseconds latency);
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
  std::uint64_t count_ = 0;
  Nanoseconds max_;
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

  /// The final outcome of one request. Ok is every answer to what was asked, also that there is no
  /// such document, already one, or another version; failed is refused or given up without effect.
  void on_reply(ReplyStatus status, Nanoseconds latency);
};

}  // namespace shardproof::sim
