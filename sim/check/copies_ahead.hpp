// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "sim/check/audit_view.hpp"
#include "sim/check/findings.hpp"

namespace shardproof::sim::check {

/// A copy is made while writes go on, so some of its documents are newer than the entry that it
/// stands for; then the log brings their older versions once more. For invariant 18: what such a
/// document has never gets older.
///
/// Looks into the store twice: when a copy was installed, at every document, and at one key when an
/// entry was applied that is older than what the copy had of it. Between them it keeps the keys
/// that were ahead. O(ahead) per entry that is applied to a copy with any, O(1) to others.
class CopiesAhead {
 public:
  explicit CopiesAhead(Findings& findings) : findings_(findings) {}

  void on(const fact::CopyInstalled& installed, const At& at);
  void on(const fact::EntryApplied& applied, const At& at);
  void on(const fact::CopyDropped& dropped, const At& at);
  /// The node has crashed.
  void forget(NodeId node);

  /// Whether `look` should be called before the next event.
  bool wants_to_look() const { return !installed_.empty() || !suspects_.empty(); }
  /// The answer is how many documents it looked at.
  std::uint64_t look(const AuditView& view, const At& at);

 private:
  struct Key {
    std::string name;
    Version version;
  };
  struct Copy {
    ShardId shard;
    NodeId node;
    /// What its content stands for, and how far ahead of that any document is.
    Version applied;
    Version newest;
    std::vector<Key> keys;
  };
  struct Suspect {
    ShardId shard;
    NodeId node;
    Key key;
    /// The older entry that was applied.
    Version entry;
  };

  void forget(ShardId shard, NodeId node);
  std::uint64_t take_stock(Copy copy, const AuditView& view);
  void check(const Suspect& suspect, const AuditView& view, const At& at);

  Findings& findings_;
  /// Copies that were just installed, and those that were and are ahead.
  std::vector<Copy> installed_;
  std::vector<Copy> ahead_;
  std::vector<Suspect> suspects_;
};

}  // namespace shardproof::sim::check
