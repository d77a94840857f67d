// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>

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

}  // namespace shardproof::sim
