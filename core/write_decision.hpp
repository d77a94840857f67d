// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/operation.hpp"
#include "core/shard_table.hpp"

namespace shardproof {

/// Answers what a key holds at the end of the log: committed or not.
class KeyLookup {
 public:
  virtual ~KeyLookup() = default;
  virtual VersionedDocument latest(std::string_view key) const = 0;
};

/// What a write does to a shard: Ok with the mutations to log (none of a transaction without
/// steps), or the refusal for which nothing happens, with what the key holds.
struct WriteDecision {
  ReplyStatus status = ReplyStatus::Ok;
  boost::container::small_vector<Mutation, 1> mutations;
  VersionedDocument present;
};

/// Decides a write (any kind for which `is_write` holds) against the present state. A document
/// never changes the fields it is routed by. A transaction is decided as a whole: each step sees
/// those before it, and one that cannot be done refuses all. O(fields) per document, O(steps^2) for
/// a transaction.
WriteDecision decide_write(const Operation& operation, const CollectionConfig& collection,
                           const KeyLookup& lookup);

}  // namespace shardproof
