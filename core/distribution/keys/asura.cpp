// SPDX-License-Identifier: Apache-2.0
#include "core/distribution/keys/asura.hpp"

#include <algorithm>
#include <array>
#include <bit>

#include "core/base/wide.hpp"
#include "core/distribution/keys/rehash.hpp"

namespace shardproof::distribution {
namespace {

/// A point of the line.
struct LinePoint {
  std::uint32_t whole = 0;
  std::uint32_t fraction = 0;  ///< in 2^-32
};

/// The numbers that one key draws.
class Draws {
 public:
  explicit Draws(std::uint64_t hash) : hash_(hash) {}

  /// Of the range 2^level and those below it.
  LinePoint next(std::uint32_t level) {
    while (true) {
      const std::uint64_t round = (std::uint64_t{level} << 32) + drawn_[level]++;
      const UInt128 number = static_cast<UInt128>(rehash(hash_, round)) << level;
      const auto whole = static_cast<std::uint32_t>(number >> 64);
      if (level == 0 || whole >> (level - 1) != 0) {
        return {whole, static_cast<std::uint32_t>(number >> 32)};
      }
      --level;
    }
  }

 private:
  std::uint64_t hash_;
  std::array<std::uint32_t, 33> drawn_{};  ///< by level
};

}  // namespace

AsuraMap::AsuraMap(KeyMapRequest request_made)
    : PerKeyMap(std::move(request_made)),
      levels_(static_cast<std::uint32_t>(std::bit_width(nodes() - 1))) {
  std::uint64_t largest = 1;
  for (std::uint32_t node = 0; node < nodes(); ++node) {
    largest = std::max(largest, request().weight(node));
  }
  UInt128 total = 0;
  for (std::uint32_t node = 0; node < nodes(); ++node) {
    const auto length =
        static_cast<std::uint64_t>((static_cast<UInt128>(request().weight(node)) << 32) / largest);
    lengths_.push_back(static_cast<std::uint32_t>(std::max<std::uint64_t>(length, 1) - 1));
    total += lengths_.back() + std::uint64_t{1};
  }
  draws_max_ = static_cast<std::uint64_t>((UInt128{256} << (levels_ + 32)) / total);
}

std::uint32_t AsuraMap::owner(const Key& key) const {
  Draws draws(key.hash);
  for (std::uint64_t draw = 0; draw < draws_max_; ++draw) {
    const LinePoint point = draws.next(levels_);
    if (point.whole < nodes() && point.fraction <= lengths_[point.whole]) return point.whole;
  }
  return 0;
}

}  // namespace shardproof::distribution
