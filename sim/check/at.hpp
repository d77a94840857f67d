// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>

#include "core/base/ids.hpp"
#include "core/base/units.hpp"

namespace shardproof::sim::check {

/// Where and when something happened that the checks are told of.
struct At {
  /// Who stated the fact, crashed, booted, committed, ...; none for the world and for clients.
  NodeId node;
  /// Boots of that node so far.
  std::uint64_t incarnation = 0;
  /// The clock of the world; never decreases from one call to the next.
  Instant true_time;
  /// What the node's own clock reads now; meaningless without a node.
  Instant local_time;
  /// Delivered events so far, the present one included.
  std::uint64_t event = 0;
};

}  // namespace shardproof::sim::check
