// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>

#include "core/base/wide.hpp"
#include "sim/scenario/spec.hpp"

namespace shardproof::sim {

/// Bytes of all copies of the documents that are there at the start. Their mean size counts, or the
/// least one where the mean says little; what the storage engine adds is left out. O(collections).
UInt128 document_bytes(const ScenarioSpec& spec);

/// Bytes of all disks of the start together; nothing if one is unlimited. O(nodes).
std::optional<UInt128> disk_bytes(const ScenarioSpec& spec);

}  // namespace shardproof::sim
