// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "core/base/units.hpp"
#include "sim/campaign/failure.hpp"
#include "sim/campaign/shrink.hpp"

namespace shardproof::cli {

struct ShrinkingOptions {
  std::size_t jobs = 0;  ///< processes; 0: one per processor
  std::uint64_t runs_max = 4000;
  Nanoseconds limit;  ///< of real time; zero: none
  bool is_quiet = false;
};

struct Shrinking {
  sim::campaign::Shrunk result;
  sim::campaign::Failure failure;  ///< that the smallest scenario shows
  bool is_written = true;          ///< false: it should have been written to a file, and was not
};

/// The smallest scenario that is found to fail as this one does under its own seed, with progress
/// on stderr; an interrupt ends the search with what is smallest then. Nothing if it does not fail.
std::optional<Shrinking> shrink_failing(const sim::ScenarioSpec& spec,
                                        const ShrinkingOptions& options);

/// The same, and writes it to `file` with a comment on what it shows. A file that cannot be written
/// is told on stderr.
std::optional<Shrinking> shrink_to_file(const sim::ScenarioSpec& spec, const std::string& file,
                                        const ShrinkingOptions& options);

}  // namespace shardproof::cli
