// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string_view>

#include "core/base/random.hpp"

namespace shardproof::sim {

/// The random streams of one run. Each (component, entity, purpose), such as ("network", 3,
/// "loss"), has its own, derived by hashing the names with the run's seed: a draw more in one moves
/// no other, and the order in which streams are made means nothing.
class Streams {
 public:
  explicit Streams(std::uint64_t run_seed) : run_seed_(run_seed) {}

  std::uint64_t run_seed() const { return run_seed_; }

  /// A stream at its beginning, each time: the caller keeps it.
  Random stream(std::string_view component, std::uint64_t entity, std::string_view purpose) const {
    return Random::named(run_seed_, component, entity, purpose);
  }

 private:
  std::uint64_t run_seed_;
};

}  // namespace shardproof::sim
