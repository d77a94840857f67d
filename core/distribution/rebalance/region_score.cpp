// SPDX-License-Identifier: Apache-2.0
#include "core/distribution/rebalance/region_score.hpp"

#include <algorithm>
#include <optional>
#include <utility>

#include "core/base/fixed_math.hpp"
#include "core/distribution/rebalance/fair_shares.hpp"
#include "core/distribution/rebalance/goals.hpp"

namespace shardproof::distribution {
namespace {

constexpr std::uint64_t kGiB = std::uint64_t{1} << 30;
constexpr std::uint64_t kMiB = std::uint64_t{1} << 20;
constexpr Int128 kSlope = 256;                      // M
constexpr std::uint64_t kPenalty = 10'000'000'000;  // B
constexpr std::uint64_t kReserveMin = 50 * kGiB;    // of F

/// One less the ratio, which is one at most.
Ratio rest_of(Ratio ratio) {
  return {ratio.denominator() - ratio.numerator(), ratio.denominator()};
}

/// ln of a size in GiB, in q32; for at least a byte.
Int128 ln_gib_q32(std::uint64_t bytes) {
  return multiply_q32(log2_q32(bytes) - (std::int64_t{30} << 32), kQ32Ln2);
}

/// K + M * logarithm / divisor, in q32; the divisor is a size in GiB, given in bytes.
UInt128 factor_q32(Int128 logarithm_q32, std::uint64_t divisor) {
  const Int128 slope = kSlope * logarithm_q32 * static_cast<Int128>(kGiB);
  return static_cast<UInt128>(static_cast<Int128>(kQ32One) + slope / static_cast<Int128>(divisor));
}

}  // namespace

UInt128 region_score(Bytes capacity, Bytes available, Bytes data, Ratio low_space) {
  const std::uint64_t size = capacity.count();
  const std::uint64_t free = available.count();
  const auto amount = static_cast<UInt128>(data.count());
  if (free >= size || size < kGiB) return amount << 32;
  const std::uint64_t reserve = std::max(kReserveMin, rest_of(low_space).of(size));
  if (free > reserve) {
    const Int128 logarithm = ln_gib_q32(size) - ln_gib_q32(free - reserve + kGiB);
    return factor_q32(logarithm, size - free + reserve - kGiB) * amount;
  }
  const UInt128 missing_q32 = (static_cast<UInt128>(reserve - free) << 32) / reserve;
  return factor_q32(ln_gib_q32(size), size) * amount + missing_q32 * kPenalty * kMiB;
}

namespace {

class RegionScoreRound {
 public:
  /// `before`: the bytes on each node when what it reports of its disk was so.
  RegionScoreRound(Draft& draft, std::vector<std::uint64_t> before)
      : draft_(draft),
        shares_(draft, LoadMeasure::Bytes),
        before_(std::move(before)),
        is_stuck_(draft.view().nodes.size()),
        low_space_(draft.options().ratio(RegionScoreRebalance::kLowSpace)) {
    std::uint64_t copies = 0;
    std::uint64_t bytes = 0;
    std::uint64_t most = 0;
    for (const NodeId node : shares_.nodes()) {
      copies += draft.copy_count(node);
      bytes += draft.bytes(node).count();
      most = std::max(most, draft.copy_count(node));
    }
    if (copies == 0) return;
    mean_ = bytes / copies;
    const Ratio ratio = draft.options().ratio(RegionScoreRebalance::kCopies);
    times_ = std::max(times_, Ratio(most * ratio.numerator(), ratio.denominator()));
  }

  void run() {
    bool moved = true;
    while (moved) {
      moved = false;
      std::fill(is_stuck_.begin(), is_stuck_.end(), 0);
      while (step()) moved = true;
    }
  }

 private:
  /// The score with `data` more or less of bytes on the node, of which `written` are really there.
  UInt128 score(NodeId node, std::int64_t data, std::int64_t written = 0) const {
    const NodeView& view = draft_.view().node(node);
    const auto held = static_cast<std::int64_t>(draft_.bytes(node).count());
    const auto before = static_cast<std::int64_t>(before_[node.value()]);
    const auto capacity = static_cast<std::int64_t>(view.capacity.disk.count());
    const auto used = static_cast<std::int64_t>(view.load.disk_used.count());
    const std::int64_t free = capacity - used - (held - before) - written;
    const auto positive = [](std::int64_t value) {
      return Bytes(static_cast<std::uint64_t>(std::max<std::int64_t>(value, 0)));
    };
    return region_score(view.capacity.disk, positive(std::min(free, capacity)),
                        positive(held + data), low_space_);
  }

  /// By how much the scores have to differ still after a copy of that size has moved.
  std::int64_t tolerance(std::uint64_t size) const {
    return static_cast<std::int64_t>(times_.of(std::max(size, mean_)));
  }

  bool should_balance(NodeId source, NodeId target, std::int64_t tolerance) const {
    return score(source, -tolerance) > score(target, tolerance);
  }

  bool step() {
    std::vector<std::pair<UInt128, NodeId>> order;
    for (const NodeId node : shares_.nodes()) order.emplace_back(score(node, 0), node);
    std::sort(order.begin(), order.end());
    for (auto source = order.rbegin(); source != order.rend(); ++source) {
      if (is_stuck_[source->second.value()]) continue;
      for (const auto& [lower_score, target] : order) {
        if (lower_score >= source->first) break;
        if (!should_balance(source->second, target, tolerance(0))) continue;
        if (move_one(source->second, target)) return true;
      }
      is_stuck_[source->second.value()] = 1;
    }
    return false;
  }

  bool move_one(NodeId source, NodeId target) {
    for (const CopyIndex copy : draft_.copies_on(source)) {
      const auto size = static_cast<std::int64_t>(draft_.bytes_of(copy).count());
      if (size == 0 || !may_even_out(draft_, copy, target)) continue;
      if (!should_balance(source, target, tolerance(static_cast<std::uint64_t>(size)))) continue;
      if (score(source, -size, -size) < score(target, size, size)) continue;
      draft_.move(copy, target, MoveReason::Balance);
      return true;
    }
    return false;
  }

  Draft& draft_;
  FairShares shares_;
  std::vector<std::uint64_t> before_;  // by node
  std::vector<char> is_stuck_;         // by node, in this pass
  Ratio low_space_;
  std::uint64_t mean_ = 0;  ///< bytes of a copy
  Ratio times_{1, 1};       ///< the tolerance over the larger of that and the copy's own bytes
};

class LeaderRound {
 public:
  explicit LeaderRound(Draft& draft)
      : draft_(draft),
        shares_(draft, LoadMeasure::Leaders),
        tolerance_(draft.options().number(RegionScoreRebalance::kLeaders)) {}

  void run() {
    while (step()) {
    }
  }

 private:
  bool should_balance(NodeId source, NodeId target) const {
    const std::uint64_t leads = draft_.leader_count(source);
    const WeightedLoad less{leads - std::min(leads, tolerance_), shares_.weight(source)};
    const WeightedLoad more{draft_.leader_count(target) + tolerance_, shares_.weight(target)};
    return more < less;
  }

  bool step() {
    const std::vector<NodeId> targets = shares_.least_loaded_first();
    for (const NodeId source : shares_.most_loaded_first()) {
      for (const NodeId target : targets) {
        if (!should_balance(source, target)) break;
        if (hand_over_one(source, target)) return true;
      }
    }
    return false;
  }

  bool hand_over_one(NodeId source, NodeId target) {
    for (const CopyIndex copy : draft_.copies_on(source)) {
      const ShardIndex shard = draft_.shard_of(copy);
      if (!draft_.leads(copy) || !may_hand_over(draft_, shard, target)) continue;
      draft_.transfer_leader(shard, target, MoveReason::Balance);
      return true;
    }
    return false;
  }

  Draft& draft_;
  FairShares shares_;
  std::uint64_t tolerance_;
};

}  // namespace

Plan RegionScoreRebalance::plan(const ClusterView& view, const RebalanceOptions& options) const {
  Draft draft(view, options);
  std::vector<std::uint64_t> before;
  for (const NodeView& node : view.nodes) before.push_back(draft.bytes(node.id).count());
  drain_and_spread(draft);
  RegionScoreRound(draft, std::move(before)).run();
  if (options.balance_leaders) LeaderRound(draft).run();
  return draft.finish();
}

}  // namespace shardproof::distribution
