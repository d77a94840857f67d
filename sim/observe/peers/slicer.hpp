// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>

#include "sim/observe/peers/figures.hpp"

/// Google's Slicer (Adya and others, OSDI 2016).
namespace shardproof::sim::peers {

/// Load of the fullest task over the mean. Nothing without a load.
std::optional<double> load_imbalance(Loads loads);

/// Part of the keys whose task changed: of key weights, those that moved over all. Nothing without
/// a key.
std::optional<double> key_churn(std::uint64_t moved, std::uint64_t all);

}  // namespace shardproof::sim::peers
