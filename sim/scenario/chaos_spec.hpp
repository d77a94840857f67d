// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

#include "core/base/units.hpp"
#include "sim/distribution.hpp"
#include "sim/scenario/actions.hpp"
#include "sim/scenario/traffic_spec.hpp"

namespace shardproof::sim {

/// Random faults by kind. The numbers name random streams: new ones go to the end.
enum class ChaosFamily : std::uint8_t {
  kCrash,            ///< a node dies and restarts
  kPause,            ///< a node stands still
  kGray,             ///< a node answers heartbeats and does nothing else
  kIsolate,          ///< a node is cut off from all others and the metadata store
  kPartition,        ///< up to half of the nodes are cut off from all others and the metadata store
  kClog,             ///< what a node sends and receives waits
  kSwizzle,          ///< up to half of the nodes are clogged and released one by one
  kDrop,             ///< messages of one type are lost
  kDelay,            ///< messages of one type take longer
  kSlow,             ///< a node's disk, network or CPU takes longer
  kDiskFull,         ///< other data fills a node's disk
  kNetwork,          ///< other settings of the whole network
  kMetadataOutage,   ///< the metadata store answers nobody
  kClockStep,        ///< a node's clock jumps, and stays as it is then
  kLoseDisk,         ///< a node dies, and restarts with an empty disk
  kCorrupt,          ///< bits of a node's disk flip, and stay so; the next boot finds it
  kDiskErrors,       ///< a node's disk operations fail, or say so
  kStall,            ///< a node's disk ends no operation
  kMisdirect,        ///< sectors of a node's disk went to others' places; the next boot finds it
  kClockWobble,      ///< a node's clock wobbles
  kMetadataCut,      ///< a node and the metadata store don't hear each other
  kMetadataSlow,     ///< the metadata store is slow, loses answers, or tells of commits together
  kSessionExpiry,    ///< the metadata store ends a node's session, though it lives
  kDomainCrash,      ///< all nodes of a failure domain die at once, and restart
  kDomainPartition,  ///< a failure domain is cut off from all others and the metadata store
  kDiskBatch,        ///< several nodes die at once, and restart with empty disks
  kRollingRestart,   ///< up to half of the nodes are restarted one by one, as planned
  kSwapDisks,        ///< two nodes die, and restart each with the other's disk
};
inline constexpr std::size_t kChaosFamilies = 28;

/// Faults of one family that come by themselves.
struct ChaosFault {
  Rate rate;                   ///< Poisson arrivals in the whole cluster; above zero
  DelayDistribution duration;  ///< of each; zero for those that do not end by themselves
  /// The fault. Selectors of random nodes are drawn anew for each. A clock's `step` is the bound
  /// of one drawn uniformly in [-step, step]; a `message` that is absent is drawn, too.
  Action action;
  /// For so long after the end of one there is none. The next arrives on top of that.
  Nanoseconds calm = {};

  friend bool operator==(const ChaosFault&, const ChaosFault&) = default;
};

/// What random faults must leave.
enum class ChaosBudget : std::uint8_t {
  kRedundancy,  ///< of every shard that is struck, as many live good copies as hold every write
  kUnlimited,   ///< nothing
};

/// Random faults, beside those that are scripted. See docs/scenario.md, `[chaos]`.
struct ChaosSpec {
  ChaosBudget budget = ChaosBudget::kRedundancy;
  Nanoseconds from{};                ///< since the start: none before
  std::optional<Nanoseconds> until;  ///< none from then on; absent: the end of the run
  /// By ChaosFamily; absent: never.
  std::array<std::optional<ChaosFault>, kChaosFamilies> faults;

  bool empty() const {
    for (const auto& fault : faults) {
      if (fault) return false;
    }
    return true;
  }
  friend bool operator==(const ChaosSpec&, const ChaosSpec&) = default;
};

/// "crash", "metadata_outage", ...: the key in `[chaos]` and in results.
std::string_view to_string(ChaosFamily family);
/// Whether faults of the family have a duration.
bool ends_by_itself(ChaosFamily family);
/// "redundancy", "unlimited".
std::string_view to_string(ChaosBudget budget);

}  // namespace shardproof::sim
