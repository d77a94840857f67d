// SPDX-License-Identifier: Apache-2.0
#include "core/write_decision.hpp"

#include "core/base/check.hpp"

namespace shardproof {
namespace {

bool same_shard_key(const CollectionConfig& collection, const Document& a, const Document& b) {
  for (const std::string& name : collection.shard_key) {
    const Field* left = a.find(name);
    const Field* right = b.find(name);
    if (left != nullptr && right != nullptr && left->value != right->value) return false;
  }
  return true;
}

WriteDecision refuse(ReplyStatus status, VersionedDocument present) {
  return {status, {}, std::move(present)};
}

WriteDecision accept(const DocumentRef& document, bool tombstone) {
  WriteDecision decision;
  decision.mutations.push_back({document, tombstone});
  return decision;
}

WriteDecision decide_one(OperationKind kind, const DocumentRef& document, Version expected,
                         const CollectionConfig& collection, VersionedDocument present) {
  const bool lives = present.document != nullptr;
  if (kind == OperationKind::Insert && lives) return refuse(ReplyStatus::AlreadyExists, present);
  if (kind == OperationKind::Remove && !lives) return refuse(ReplyStatus::NotFound, present);
  if (kind == OperationKind::CompareAndSwap && present.version != expected) {
    return refuse(ReplyStatus::VersionMismatch, present);
  }
  if (lives && !same_shard_key(collection, *present.document, *document)) {
    return refuse(ReplyStatus::ShardKeyChanged, present);
  }
  return accept(document, kind == OperationKind::Remove);
}

/// A transaction's own earlier steps in front of the shard's state.
class StepLookup final : public KeyLookup {
 public:
  StepLookup(const KeyLookup& base, const WriteDecision& so_far) : base_(base), so_far_(so_far) {}

  VersionedDocument latest(std::string_view key) const override {
    for (auto it = so_far_.mutations.rbegin(); it != so_far_.mutations.rend(); ++it) {
      if (it->document->key == key) return {Version{}, it->tombstone ? nullptr : it->document};
    }
    return base_.latest(key);
  }

 private:
  const KeyLookup& base_;
  const WriteDecision& so_far_;
};

WriteDecision decide_transaction(const Operation& operation, const CollectionConfig& collection,
                                 const KeyLookup& lookup) {
  WriteDecision all;
  if (operation.steps.empty()) all.status = operation.outcome;
  for (const TransactionStep& step : operation.steps) {
    const StepLookup seen(lookup, all);
    WriteDecision one = decide_one(step.kind, step.document, Version{}, collection,
                                   seen.latest(step.document->key));
    if (one.status != ReplyStatus::Ok) return refuse(one.status, one.present);
    all.mutations.push_back(one.mutations.front());
  }
  return all;
}

}  // namespace

WriteDecision decide_write(const Operation& operation, const CollectionConfig& collection,
                           const KeyLookup& lookup) {
  SHARDPROOF_CHECK(is_write(operation.kind));
  if (operation.kind == OperationKind::Transaction) {
    return decide_transaction(operation, collection, lookup);
  }
  return decide_one(operation.kind, operation.document, operation.expected, collection,
                    lookup.latest(operation.document->key));
}

}  // namespace shardproof
