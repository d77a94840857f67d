// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "sim/check/audit_view.hpp"
#include "sim/check/oracle.hpp"

/// Keys' names, of which the oracle keeps hashes only: for violations, looked up in the stores.
namespace shardproof::sim::check {

/// `"a"`, the key of that `stable_hash` in the first copy of the shard, on a node that is up, that
/// has it; empty if none has. O(documents of all copies).
std::string key_text(const AuditView& view, ShardId shard, std::uint64_t hash);
/// `"a"`, or `"a" and 4 more documents`: the first by key of those with these hashes, looked for
/// also among the keys that the oracle was asked for last; how many they are if none of them is
/// known any more; empty if there are none. O(documents of all copies).
std::string documents_text(const Oracle& oracle, const AuditView& view, ShardId shard,
                           const std::vector<std::uint64_t>& hashes);
/// What is wrong with the copy of a node, which is up, that has another digest than it should: `"a"
/// is as of e1/i2 in it, and e1/i3 writes it`, or what is missing. O(documents of all copies).
std::string odd_document_text(const Oracle& oracle, const AuditView& view, ShardId shard,
                              NodeId node);

}  // namespace shardproof::sim::check
