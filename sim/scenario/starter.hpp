// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string_view>

namespace shardproof::sim {

/// A commented scenario to begin with, as `shardproof init` writes it. The reader accepts it
/// without a warning.
std::string_view starter_scenario();

}  // namespace shardproof::sim
