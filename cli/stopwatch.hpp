// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstdint>

namespace shardproof::cli {

/// Real time since its construction.
class Stopwatch {
 public:
  std::uint64_t elapsed_ns() const {
    const auto elapsed =
        std::chrono::duration_cast<std::chrono::nanoseconds>(Clock::now() - start_);
    return static_cast<std::uint64_t>(elapsed.count());
  }

 private:
  using Clock = std::chrono::steady_clock;
  Clock::time_point start_ = Clock::now();
};

}  // namespace shardproof::cli
