// SPDX-License-Identifier: Apache-2.0
#include "core/operation.hpp"

namespace shardproof {

bool is_write(OperationKind kind) {
  switch (kind) {
    case OperationKind::Insert:
    case OperationKind::Replace:
    case OperationKind::Remove:
    case OperationKind::CompareAndSwap:
    case OperationKind::Transaction: return true;
    case OperationKind::Read:
    case OperationKind::Scan:
    case OperationKind::Count: return false;
  }
  return false;
}

const char* to_string(OperationKind kind) {
  switch (kind) {
    case OperationKind::Read: return "read";
    case OperationKind::Insert: return "insert";
    case OperationKind::Replace: return "replace";
    case OperationKind::Remove: return "remove";
    case OperationKind::CompareAndSwap: return "compare_and_swap";
    case OperationKind::Scan: return "scan";
    case OperationKind::Count: return "count";
    case OperationKind::Transaction: return "transaction";
  }
  return "?";
}

bool is_retryable(ReplyStatus status) {
  return status >= ReplyStatus::NotLeader && status <= ReplyStatus::Unavailable;
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
