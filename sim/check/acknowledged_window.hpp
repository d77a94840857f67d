// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <array>
#include <cstdint>

#include "core/document.hpp"

namespace shardproof::sim::check {

/// What was the newest acknowledged write of a shard a while ago, for as long as the last `kSlices`
/// slices of time reach. Slices are numbered by whoever measures them, and never go back.
class AcknowledgedWindow {
 public:
  static constexpr std::uint64_t kSlices = 32;

  /// O(1).
  void note(std::uint64_t slice, Version version) {
    Slice& place = slices_[slice % kSlices];
    if (place.number != slice) {
      before_ = std::max(before_, place.newest);
      place = {slice, Version()};
    }
    place.newest = std::max(place.newest, version);
  }

  /// The newest write acknowledged in `slice` or before, which must be less than `kSlices` before
  /// the last one noted. O(slices kept).
  Version until(std::uint64_t slice) const {
    Version newest = before_;
    for (const Slice& place : slices_) {
      if (place.number <= slice) newest = std::max(newest, place.newest);
    }
    return newest;
  }

 private:
  struct Slice {
    std::uint64_t number = 0;
    Version newest;
  };

  std::array<Slice, kSlices> slices_;
  /// Of the slices that are not kept any more.
  Version before_;
};

}  // namespace shardproof::sim::check
