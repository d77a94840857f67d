// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "core/log_entry.hpp"
#include "core/operation.hpp"
#include "core/shard_table.hpp"
#include "sim/check/findings.hpp"
#include "sim/check/oracle.hpp"

/// Words that several violations have in common. They are made when there is one, and only then.
namespace shardproof::sim::check {

/// "n0, n3", or "nobody".
std::string names_text(const NodeList& nodes);
/// What a commit makes of the documents, and of more than two how many there are: `writes "a"`,
/// `removes "a" and writes "b"`, `writes "a" and 4 more`, "writes nothing".
std::string effect_text(const LogEntry& entry);
/// `replace of "a"`, "scan".
std::string operation_text(const Operation& operation);
/// What a read was answered with: "e1/i5", "nothing (deleted at e1/i5)", "nothing (never written)".
std::string answer_text(const VersionedDocument& result);
/// "s4..s9", or "s4".
std::string shards_text(const CollectionConfig& collection);
/// How near a node is to the nearest of others: "in the same rack as n3", "in no region of
/// another".
std::string distance_text(const ShardTable& table, NodeId node, const NodeList& others);
/// "; n1 began its copy empty at 3.200000000s, event 1,234, on a disk that had lost what it had",
/// or nothing if it did not.
std::string begun_empty_text(const HeldCopy& copy, const Findings& findings);
/// What the node has told of its copy: "n1 said so at 3.200000000s, event 1,234", "n1 has said it
/// of no more than e1/i4, at ...", "n1 has said nothing of it".
std::string word_text(const HeldCopy& copy, const ShardFacts& shard, Version what,
                      const Findings& findings);
/// "s1, s4, s7 and 2 more".
std::string some_text(const std::vector<ShardId>& shards);
/// What the shard counts on, for who reads it: "n0 leads, n0, n1 are in sync, n4 catches up".
std::string copies_text(const ShardInfo& shard);

}  // namespace shardproof::sim::check
