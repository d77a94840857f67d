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

}  // namespace shardproof
