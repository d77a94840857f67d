// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "sim/scenario/actions.hpp"
#include "sim/scenario/names.hpp"
#include "sim/scenario/source_tree.hpp"

namespace shardproof::sim {

/// A `NodeSelector`: `2`, `"n2"`, `[0, 2]`, `"coordinator"`, `{ leader = "shop.orders", shard =
/// 3 }`, `{ zone = "a" }`, `{ random = 2 }`; see docs/scenario.md. Whether numbers are of existing
/// nodes and shards is checked when the whole scenario is known.
struct SelectorCodec {
  using Value = NodeSelector;
  const Names& names;
  /// Of a path, where "others", "metadata", "clients" and "anyone" are known too.
  bool is_side = false;

  bool read(const SourceNode& node, NodeSelector& value, Diagnostics& diagnostics) const;
  std::string print(const NodeSelector& value) const;
  std::string schema() const;
};

}  // namespace shardproof::sim
