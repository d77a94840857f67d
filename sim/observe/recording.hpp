// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>

#include "sim/observe/stream_uses.hpp"

namespace shardproof::sim {

/// What the digest covers and how draws are made, by number: see the changelog. A recorded run can
/// only be the same under the number that it was recorded with.
inline constexpr std::uint32_t kTraceFormat = 1;

/// What is kept of a run beside its result, so that it can be done again and compared.
struct Recording {
  /// The scenario as TOML, every default written out, with the seed that was used. Names of files
  /// in it start from the directory that it is written to.
  std::string scenario_toml;
  StreamUses streams;
};

}  // namespace shardproof::sim
