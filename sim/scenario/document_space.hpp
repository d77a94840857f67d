// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string_view>

#include "core/base/wide.hpp"
#include "sim/scenario/spec.hpp"

namespace shardproof::sim {

/// Of one copy of a collection's documents at the start: what is told of its shards, or so many of
/// `typical` size. O(shards).
UInt128 content_bytes(const CollectionSpec& collection, Bytes typical);

/// Bytes of all copies of the documents that are there at the start. Their mean size counts, or the
/// least one where the mean says little; what the storage engine adds is left out. O(collections).
UInt128 document_bytes(const ScenarioSpec& spec);

/// Bytes of all disks of the start together; nothing if one is unlimited. O(nodes).
std::optional<UInt128> disk_bytes(const ScenarioSpec& spec);

/// What the slowest node can take in of documents: its disk's bandwidth, or its network's over the
/// copies that a leader has to send on. O(nodes + collections).
Bandwidth load_rate(const ScenarioSpec& spec);

/// Who loses patience first with a document that takes long to write: its key in a scenario, and
/// after what time. O(collections).
struct WritePatience {
  std::string_view key;
  Nanoseconds time;
};
WritePatience write_patience(const ScenarioSpec& spec);

/// The largest document that is written in that time, or Bytes::max(). O(nodes + collections).
Bytes document_size_max(const ScenarioSpec& spec);

/// So much of documents may be on its way to a node while the cluster is set up, so that it has
/// written each in good time: a quarter of that, or of what a link between two zones carries in
/// that time for each copy that a node of one of them may send on, where that is less. O(links *
/// nodes + collections).
Bytes load_in_flight_max(const ScenarioSpec& spec);

/// How large the documents of the start are: of the largest shard, if it is told how large shards
/// are, else their mean size, or the least one where the mean says little. O(shards).
Bytes typical_document(const CollectionSpec& collection);

}  // namespace shardproof::sim
