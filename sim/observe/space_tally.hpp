// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "core/config.hpp"
#include "sim/observe/exact_value.hpp"
#include "sim/observe/load_tally.hpp"

namespace shardproof::sim {

/// What disks hold for a while and not for good, from sample to sample. O(nodes) per sample.
class SpaceTally {
 public:
  void on_sample(const std::vector<NodeSample>& nodes, Instant now);

  /// The most that all disks together held at a sample, over what they hold now; nothing if they
  /// hold nothing now.
  std::optional<ExactValue> peak_over_final() const;
  /// The most that one disk held beyond what it holds now.
  Bytes transient_max() const;
  /// Time that copies spent on disks that were fuller than `Bounds::disk_high_watermark`
  /// (each sample counts until the next one), over all copies.
  UInt128 over_capacity_shard_ns() const { return over_capacity_shard_ns_; }

 private:
  struct Node {
    std::uint64_t used = 0;
    std::uint64_t peak = 0;
    std::uint64_t copies_over_capacity = 0;
  };
  std::uint64_t total() const;

  std::vector<Node> nodes_;
  std::uint64_t peak_ = 0;
  Instant last_;
  UInt128 over_capacity_shard_ns_ = 0;
};

}  // namespace shardproof::sim
