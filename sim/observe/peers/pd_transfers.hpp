// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

/// TiKV's Placement Driver: moves that went in circles.
/// Source: tikv/pd, tools/pd-analysis/analysis/transfer_counter.go.
namespace shardproof::sim::peers {

/// Completed moves by source and target store: `[source][target]`, square.
using TransferFlows = std::vector<std::vector<std::uint64_t>>;

struct TransferCounter {
  std::uint64_t redundant = 0;  ///< moves on cycles: each one's least flow times its length
  std::uint64_t necessary = 0;  ///< what remains when the cycles are taken away

  friend bool operator==(const TransferCounter&, const TransferCounter&) = default;
};

inline constexpr std::uint64_t kTransferStepsMax = 20'000'000;

/// Takes away, for each store in order, the cycles that begin there and have no lower store on
/// them, depth first, targets in order. That order is PD's, and decides how much is left. The
/// search may visit all simple paths: nothing if it took more than kTransferStepsMax steps.
std::optional<TransferCounter> count_transfers(TransferFlows flows);

}  // namespace shardproof::sim::peers
