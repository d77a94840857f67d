// SPDX-License-Identifier: Apache-2.0
#include "core/distribution/optimum/flow_start.hpp"

#include <algorithm>
#include <functional>
#include <optional>
#include <set>
#include <tuple>

namespace shardproof::distribution {
namespace {

class Filling {
 public:
  explicit Filling(FlowState& flow) : flow_(flow), next_(flow.node_count()) {
    for (std::uint32_t node = 0; node < flow.node_count(); ++node) add(node);
  }

  void run() {
    while (!sources_.empty() && !targets_.empty() && would_gain(*sources_.begin())) {
      const std::uint32_t source = std::get<2>(*sources_.begin());
      const std::uint32_t copy = flow_.candidates(source)[next_[source]];
      const auto target = target_of(copy);
      remove(source);
      ++next_[source];
      if (target) {
        remove(*target);
        flow_.move(copy, *target);
        add(*target);
      }
      add(source);
    }
  }

 private:
  /// Fullest first, then by the cost of what would leave.
  using Source = std::tuple<FlowCost, FlowCost, std::uint32_t>;
  /// Emptiest first, then, if bytes are to be evened out, who lacks most of them.
  using Target = std::tuple<FlowCost, std::int64_t, std::uint32_t>;

  Source as_source(std::uint32_t node) const {
    const std::uint32_t copy = flow_.candidates(node)[next_[node]];
    return {FlowCost{} - flow_.gain_of_departure(node), flow_.cost_of_moving(copy), node};
  }
  Target as_target(std::uint32_t node) const {
    const std::int64_t over = flow_.evens_bytes() ? flow_.bytes_over_share(node) : 0;
    return {flow_.cost_of_arrival(node), over, node};
  }
  bool has_next(std::uint32_t node) const { return next_[node] < flow_.candidates(node).size(); }

  void add(std::uint32_t node) {
    if (has_next(node)) sources_.insert(as_source(node));
    if (flow_.receives(node)) targets_.insert(as_target(node));
  }
  void remove(std::uint32_t node) {
    if (has_next(node)) sources_.erase(as_source(node));
    if (flow_.receives(node)) targets_.erase(as_target(node));
  }

  bool would_gain(const Source& source) const {
    return std::get<0>(*targets_.begin()) + std::get<0>(source) < FlowCost{};
  }

  std::optional<std::uint32_t> target_of(std::uint32_t copy) const {
    const FlowCost gain = flow_.gain_of_departure(flow_.place(copy));
    for (const auto& [cost, over, node] : targets_) {
      if (!(cost < gain)) break;
      if (flow_.may_go(copy, node)) return node;
    }
    return std::nullopt;
  }

  FlowState& flow_;
  std::vector<std::uint32_t> next_;  // by node: the candidate that is up
  std::set<Source> sources_;
  std::set<Target> targets_;
};

/// Nodes that have more than their target rounded down give the difference, cheapest first.
class Relaxation {
 public:
  explicit Relaxation(const FlowState& flow) : flow_(flow) {
    std::uint64_t left = 0;
    for (std::uint32_t node = 0; node < flow.node_count(); ++node) {
      left += flow.count(node) - flow.target_floor(node);
      give(node);
    }
    std::sort(savings_.begin(), savings_.end(), std::greater<>());
    savings_.resize(std::min<std::size_t>(savings_.size(), left));
    for (const FlowCost& saving : savings_) cost_ = cost_ - saving;
  }

  FlowCost cost() const { return cost_; }

 private:
  void give(std::uint32_t node) {
    const auto& candidates = flow_.candidates(node);
    const std::uint64_t held = flow_.count_at_first(node);
    const std::uint64_t kept = std::min(held, flow_.target_floor(node));
    const std::uint64_t given = std::min<std::uint64_t>(held - kept, candidates.size());
    for (std::uint64_t i = 0; i < given; ++i) cost_ = cost_ + flow_.cost_of_moving(candidates[i]);
    if (given == 0 || flow_.target_ceiling(node) == flow_.target_floor(node)) return;
    savings_.push_back(flow_.cost_of_moving(candidates[given - 1]));
  }

  const FlowState& flow_;
  FlowCost cost_;
  std::vector<FlowCost> savings_;
};

}  // namespace

bool has_relaxed_minimum(const FlowState& flow) {
  if (!flow.is_on_target()) return false;
  FlowCost cost = flow.cost();
  cost.unevenness = 0;
  return cost == Relaxation(flow).cost();
}

void fill_from_fullest(FlowState& flow) { Filling(flow).run(); }

}  // namespace shardproof::distribution
