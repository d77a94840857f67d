// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <set>
#include <utility>

#include "sim/history/history_testing.hpp"

/// Whether a history of one document has an explanation, by trying all orders: too slow to be
/// wrong.
namespace shardproof::sim::history {

/// The search of Wing and Gong ("Testing and verifying concurrent objects", J. Parallel Distrib.
/// Comput. 17, 1993) that remembers where it has been (Lowe, "Testing for linearizability",
/// Concurrency Comput. 29(4), 2017). At most 31 operations, none of them of replicas; exponential
/// in those that overlap.
class RegisterSearch {
 public:
  explicit RegisterSearch(const std::vector<Told>& operations) : operations_(operations) {}

  bool has_explanation() {
    seen_.clear();
    return explains(0, 0);
  }

 private:
  using Mask = std::uint32_t;

  static bool is_optional(const Told& told) {
    return told.until == 0 || told.status == ReplyStatus::Unknown;
  }

  bool explains(Mask done, std::uint64_t present) {
    if (!seen_.insert({done, present}).second) return false;
    bool is_complete = true;
    for (std::size_t i = 0; i < operations_.size(); ++i) {
      const bool is_missing = (done >> i & 1) == 0;
      if (is_missing && !is_optional(operations_[i])) is_complete = false;
    }
    if (is_complete) return true;
    for (std::size_t i = 0; i < operations_.size(); ++i) {
      if ((done >> i & 1) != 0 || !may_be_next(done, operations_[i])) continue;
      const auto after = effect(operations_[i], present);
      if (after && explains(done | Mask{1} << i, *after)) return true;
    }
    return false;
  }

  /// Nothing that is missing was answered before it was asked for.
  bool may_be_next(Mask done, const Told& next) const {
    for (std::size_t i = 0; i < operations_.size(); ++i) {
      const bool is_missing = (done >> i & 1) == 0;
      const bool comes_before = operations_[i].until <= next.from && !is_optional(operations_[i]);
      if (is_missing && comes_before) return false;
    }
    return true;
  }

  /// What is there afterwards; nothing if the operation cannot have ended as it did.
  static std::optional<std::uint64_t> effect(const Told& told, std::uint64_t present) {
    const auto after_if = [](bool holds, std::uint64_t after) {
      return holds ? std::optional(after) : std::nullopt;
    };
    const bool is_refused = told.status != ReplyStatus::Ok && !is_optional(told);
    switch (told.kind) {
      case OperationKind::Read: return after_if(present == told.content, present);
      case OperationKind::Insert:
        if (is_refused) return after_if(present == told.present, present);
        return after_if(present == 0, told.content);
      case OperationKind::Remove:
        if (is_refused) return after_if(present == 0, present);
        return after_if(present != 0, 0);
      case OperationKind::CompareAndSwap:
        if (is_refused) return after_if(told.present == 0 || present == told.present, present);
        return after_if(present == told.present, told.content);
      default: return told.content;
    }
  }

  const std::vector<Told>& operations_;
  std::set<std::pair<Mask, std::uint64_t>> seen_;
};

}  // namespace shardproof::sim::history
