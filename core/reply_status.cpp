// SPDX-License-Identifier: Apache-2.0
#include "core/reply_status.hpp"

namespace shardproof {

bool is_retryable(ReplyStatus status) {
  return status >= ReplyStatus::NotLeader && status <= ReplyStatus::Unavailable;
}

bool is_refusal(ReplyStatus status) {
  return status >= ReplyStatus::NotFound && status <= ReplyStatus::CrossShardTransaction;
}

const char* to_string(ReplyStatus status) {
  switch (status) {
    case ReplyStatus::Ok: return "ok";
    case ReplyStatus::NotFound: return "not found";
    case ReplyStatus::AlreadyExists: return "already exists";
    case ReplyStatus::VersionMismatch: return "version mismatch";
    case ReplyStatus::NoSuchCollection: return "no such collection";
    case ReplyStatus::MissingShardKeyField: return "missing shard key field";
    case ReplyStatus::ShardKeyType:
      return "shard key field of a type other than string, number, boolean";
    case ReplyStatus::ShardKeyChanged: return "shard key changed";
    case ReplyStatus::CrossShardTransaction: return "cross-shard transaction";
    case ReplyStatus::ScanIncomplete: return "scan incomplete";
    case ReplyStatus::DiskFull: return "disk full";
    case ReplyStatus::NotLeader: return "not leader";
    case ReplyStatus::StaleEpoch: return "stale epoch";
    case ReplyStatus::NoLease: return "no lease";
    case ReplyStatus::NotReady: return "not ready";
    case ReplyStatus::QueueFull: return "queue full";
    case ReplyStatus::Unavailable: return "unavailable";
    case ReplyStatus::Unknown: return "unknown";
  }
  return "?";
}

}  // namespace shardproof
