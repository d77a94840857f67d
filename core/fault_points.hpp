// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstdint>
#include <string_view>
#include <utility>
#include <vector>

#include "core/base/check.hpp"
#include "core/base/random.hpp"
#include "core/base/units.hpp"

namespace shardproof {

/// Places where a legal but rare course can be forced: whatever they do, a slow network, a full
/// disk or an unlucky moment could have done as well, and the protocol has to bear it
/// (FoundationDB's BUGGIFY: Zhou et al., SIGMOD 2021, section 4.2).
///
/// The numbers name random streams: new ones go to the end.
enum class FaultPoint : std::uint8_t {
  SmallChunk,
  ChunkRefused,
  ChunkNoRoom,
  ChunkRepeated,
  QueueFull,
  PhaseTimeout,
  HeartbeatSkipped,
  CampaignSkipped,
  OfficeLeft,
  CommitDoubled,
  CommitReadBackEarly,
  TableUpdateIgnored,
  TableReread,
  AppendRepeated,
  AppendSingle,
  LogTrimmed,
  EarlyEntriesDropped,
  FenceUnanswered,
  PositionUnanswered,
  ReportWithheld,
  ReadIndexUnanswered,
  RequestRepeated,
  CompactionForced,
  SmallReshardBatch,
};
inline constexpr std::size_t kFaultPoints = 24;

struct FaultPointInfo {
  FaultPoint point;
  std::string_view name;       ///< as scenarios write it: "small_chunk"
  std::string_view statement;  ///< what happens when it fires, a sentence without a full stop
  /// What a campaign lets it fire with where it is active: what is asked at every step is to fire
  /// more rarely, or nothing would ever come to an end.
  Ratio usual;
  /// Whether it withholds or undoes something, as a fault does: what is due within a bound has it
  /// anew when it has fired.
  bool holds_up = false;
};

/// All fault points, in the order of the enumeration.
const std::vector<FaultPointInfo>& fault_point_catalogue();

/// The chance with which each fires when it is asked, by its place in the enumeration.
using FaultPointChances = std::array<Ratio, kFaultPoints>;
/// How often each has fired.
using FaultPointFirings = std::array<std::uint64_t, kFaultPoints>;

/// One node's fault points, armed. Each draws from a stream of its own, once when it is asked and
/// its chance is neither 0 nor 1.
class FaultPoints {
 public:
  /// `streams` by the place of the fault point in the enumeration.
  FaultPoints(const FaultPointChances& chances, std::vector<Random> streams)
      : chances_(chances), streams_(std::move(streams)) {
    SHARDPROOF_CHECK(streams_.size() == kFaultPoints);
  }

  /// Whether the place is to take its rare course now.
  bool fires(FaultPoint point) {
    const auto place = static_cast<std::size_t>(point);
    if (!streams_[place].chance(chances_[place])) return false;
    firings_[place] += 1;
    if (fault_point_catalogue()[place].holds_up) times_held_up_ += 1;
    return true;
  }

  const FaultPointFirings& firings() const { return firings_; }
  /// How often one of those has fired that hold something up.
  std::uint64_t times_held_up() const { return times_held_up_; }
  Random& stream(FaultPoint point) { return streams_[static_cast<std::size_t>(point)]; }

 private:
  FaultPointChances chances_;
  std::vector<Random> streams_;
  FaultPointFirings firings_{};
  std::uint64_t times_held_up_ = 0;
};

}  // namespace shardproof
