// SPDX-License-Identifier: Apache-2.0
#include "sim/observe/latency.hpp"

#include <algorithm>
#include <bit>

#include "core/base/check.hpp"

namespace shardproof::sim {

LatencyHistogram::LatencyHistogram()
    : buckets_(bucket_of(static_cast<std::uint64_t>(Nanoseconds::max().count())) + 1) {}

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
  ++buckets_[bucket_of(static_cast<std::uint64_t>(recorded.count()))];
  ++count_;
  max_ = std::max(max_, recorded);
}

std::optional<Nanoseconds> LatencyHistogram::percentile(std::uint32_t percent) const {
  SHARDPROOF_CHECK(percent >= 1 && percent <= 100, "percentile {}", percent);
  if (count_ == 0) return std::nullopt;
  const auto rank = static_cast<std::uint64_t>((static_cast<UInt128>(count_) * percent + 99) / 100);
  std::uint64_t seen = 0;
  std::size_t bucket = 0;
  while (seen + buckets_[bucket] < rank) seen += buckets_[bucket++];
  const auto last = Nanoseconds(static_cast<std::int64_t>(last_value_of(bucket)));
  return std::min(last, max_);
}

void ClientTally::on_reply(ReplyStatus status, Nanoseconds taken) {
  switch (status) {
    case ReplyStatus::Ok:
    case ReplyStatus::NotFound:
    case ReplyStatus::AlreadyExists:
    case ReplyStatus::VersionMismatch:
      ++ok;
      latency.record(taken);
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
