// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>

namespace shardproof {

/// How a request ended. The first group is final, the second asks for another try elsewhere or
/// later and never had an effect, Unknown may or may not have had its effect.
///
/// A write that was refused for good has no effect later either, whatever its duplicates meet: its
/// shard remembers the refusal like an effect. DiskFull is the exception: what it would be
/// remembered by is what there is no room for. It ends a try and not the request, which may have
/// its effect by another try.
enum class ReplyStatus : std::uint8_t {
  Ok,
  NotFound,
  AlreadyExists,
  VersionMismatch,
  NoSuchCollection,
  MissingShardKeyField,
  ShardKeyType,
  ShardKeyChanged,
  CrossShardTransaction,
  ScanIncomplete,
  DiskFull,

  NotLeader,
  StaleEpoch,
  NoLease,
  NotReady,
  QueueFull,
  Unavailable,

  Unknown,
};

/// True for the second group.
bool is_retryable(ReplyStatus status);
/// Whether a write that is answered so has no effect, neither now nor later.
bool is_refusal(ReplyStatus status);
const char* to_string(ReplyStatus status);

}  // namespace shardproof
