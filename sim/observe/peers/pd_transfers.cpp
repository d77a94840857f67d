// SPDX-License-Identifier: Apache-2.0
#include "sim/observe/peers/pd_transfers.hpp"

#include <algorithm>

namespace shardproof::sim::peers {
namespace {

/// One depth-first search for cycles through a first store.
class CycleSearch {
 public:
  explicit CycleSearch(TransferFlows& flows) : flows_(flows), is_on_path_(flows.size()) {}

  /// False if it was given up.
  bool from(std::size_t first) {
    path_.push_back({first, first});
    is_on_path_[first] = true;
    while (!path_.empty()) {
      if (++steps_ > kTransferStepsMax) return false;
      visit_next(first);
    }
    return true;
  }
  std::uint64_t redundant() const { return redundant_; }

 private:
  struct Place {
    std::size_t store;
    std::size_t next_target;
  };

  void visit_next(std::size_t first) {
    Place& top = path_.back();
    if (top.next_target == flows_.size()) {
      is_on_path_[top.store] = false;
      path_.pop_back();
      return;
    }
    const std::size_t target = top.next_target++;
    if (flows_[top.store][target] == 0) return;
    if (target == first) return take_cycle();
    if (is_on_path_[target]) return;
    is_on_path_[target] = true;
    path_.push_back({target, first});
  }

  std::uint64_t& flow(std::size_t place) {
    const std::size_t after = place + 1 == path_.size() ? 0 : place + 1;
    return flows_[path_[place].store][path_[after].store];
  }

  /// An edge of the path may have lost its flow to an earlier cycle: then there is nothing left.
  void take_cycle() {
    std::uint64_t least = flow(0);
    for (std::size_t i = 1; i < path_.size(); ++i) least = std::min(least, flow(i));
    for (std::size_t i = 0; i < path_.size(); ++i) flow(i) -= least;
    redundant_ += least * path_.size();
  }

  TransferFlows& flows_;
  std::vector<bool> is_on_path_;
  std::vector<Place> path_;
  std::uint64_t steps_ = 0;
  std::uint64_t redundant_ = 0;
};

}  // namespace

std::optional<TransferCounter> count_transfers(TransferFlows flows) {
  CycleSearch search(flows);
  for (std::size_t first = 0; first < flows.size(); ++first) {
    if (!search.from(first)) return std::nullopt;
  }
  TransferCounter counter{search.redundant(), 0};
  for (const auto& row : flows) {
    for (const std::uint64_t flow : row) counter.necessary += flow;
  }
  return counter;
}

}  // namespace shardproof::sim::peers
