// SPDX-License-Identifier: Apache-2.0
#include "sim/observe/latency.hpp"

#include <algorithm>
#include <bit>

#include "core/base/check.hpp"
#include "sim/observe/grown.hpp"

namespace shardproof::sim {

std::size_t LatencyHistogram::bucket_of(std::uint64_t value) {
  const auto width = static_cast<unsigned>(std::bit_width(value));
  if (width <= kPrecisionBits + 1) return value;
  // The leading one and the kPrecisionBits below it choose the bucket.
  const unsigned shift = width - kPrecisionBits - 1;
  return (static_cast<std::size_t>(shift) << kPrecisionBits) + (value >> shift);
}

std::uint64_t LatencyHistogram::last_value_of(std::size_t bucket) {
  if (bucket < (2u << kPrecisionBits)) return bucket;
  const std::size_t shift = (bucket >> kPrecisionBits) - 1;
  const std::uint64_t leading = bucket - (shift << kPrecisionBits);
  return ((leading + 1) << shift) - 1;
}

void LatencyHistogram::record(Nanoseconds latency) {
  const Nanoseconds recorded = std::max(latency, Nanoseconds(0));
  const std::size_t bucket = bucket_of(static_cast<std::uint64_t>(recorded.count()));
  ++grown(buckets_, bucket);
  first_bucket_ = std::min(first_bucket_, bucket);
  ++count_;
  max_ = std::max(max_, recorded);
}

void LatencyHistogram::clear() {
  if (count_ == 0) return;
  const auto begin = buckets_.begin();
  const std::size_t last = bucket_of(static_cast<std::uint64_t>(max_.count()));
  std::fill(begin + static_cast<std::ptrdiff_t>(first_bucket_),
            begin + static_cast<std::ptrdiff_t>(last + 1), 0);
  first_bucket_ = std::numeric_limits<std::size_t>::max();
  count_ = 0;
  max_ = Nanoseconds();
}

std::optional<Nanoseconds> LatencyHistogram::percentile(std::uint32_t percent) const {
  SHARDPROOF_CHECK(percent >= 1 && percent <= 100, "percentile {}", percent);
  if (count_ == 0) return std::nullopt;
  const auto rank = static_cast<std::uint64_t>((static_cast<UInt128>(count_) * percent + 99) / 100);
  std::uint64_t seen = 0;
  std::size_t bucket = first_bucket_;
  while (seen + buckets_[bucket] < rank) seen += buckets_[bucket++];
  const auto last = Nanoseconds(static_cast<std::int64_t>(last_value_of(bucket)));
  return std::min(last, max_);
}

void ClientTally::on_reply(ReplyStatus status, bool is_write, Nanoseconds taken) {
  switch (status) {
    case ReplyStatus::Ok:
    case ReplyStatus::NotFound:
    case ReplyStatus::AlreadyExists:
    case ReplyStatus::VersionMismatch:
      ++ok;
      latency.record(taken);
      (is_write ? writes : reads).record(taken);
      return;
    case ReplyStatus::Unknown: ++unknown; return;
    case ReplyStatus::CrossShardTransaction: ++refused_cross_shard; break;
    case ReplyStatus::MissingShardKeyField:
    case ReplyStatus::ShardKeyType:
    case ReplyStatus::ShardKeyChanged: ++refused_shard_key; break;
    default: break;
  }
  ++failed;
}

}  // namespace shardproof::sim
