// SPDX-License-Identifier: Apache-2.0
#include "core/log_entry.hpp"

namespace shardproof {

Bytes wire_size(const LogEntry& entry) {
  Bytes size(64);
  for (const Mutation& mutation : entry.mutations) {
    size += stored_size(*mutation.document, mutation.tombstone);
  }
  return size;
}

}  // namespace shardproof
