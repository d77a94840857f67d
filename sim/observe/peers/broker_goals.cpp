// SPDX-License-Identifier: Apache-2.0
#include "sim/observe/peers/broker_goals.hpp"

#include <algorithm>

namespace shardproof::sim::peers {
namespace {

constexpr double kReplicasMax = 10'000;
constexpr double kCapacityThreshold = 0.8;
constexpr double kTopicThreshold = 3.0;

class BrokerGoals {
 public:
  explicit BrokerGoals(const PeerState& state)
      : state_(state),
        alike_(state.copies.size(), 1),
        disks_(state.disks.empty() ? alike_ : state.disks),
        networks_(state.networks.empty() ? alike_ : state.networks),
        has_flows_(state.flow_window > Nanoseconds(0)),
        has_cpu_(state.window > Nanoseconds(0)) {}

  std::vector<Goal> all() {
    hard();
    soft();
    return std::move(goals_);
  }

 private:
  void hard() {
    add(true, state_.shares_domains);
    add(true, largest_of(state_.copies) > kReplicasMax);
    if (!state_.disks.empty()) add(true, is_beyond(state_.disk_used, state_.disks, 1));
    if (has_networks()) {
      add(true, is_beyond(state_.network_in, state_.networks, seconds()));
      add(true, is_beyond(state_.network_out, state_.networks, seconds()));
    }
    if (has_cpu_) {
      add(true, is_beyond(state_.cpu, alike_, static_cast<double>(state_.window.count())));
    }
  }

  void soft() {
    add(false, is_uneven(state_.copies, alike_));
    if (has_networks()) {
      add(false, is_beyond(potential_nw_out(state_), state_.networks, seconds()));
    }
    add(false, is_uneven(state_.disk_used, disks_));
    if (has_flows_) {
      add(false, is_uneven(state_.network_in, networks_));
      add(false, is_uneven(state_.network_out, networks_));
    }
    if (has_cpu_) add(false, is_uneven(state_.cpu, alike_));
    add(false, std::any_of(state_.tables.begin(), state_.tables.end(), [&](const Table& topic) {
          return is_uneven(topic.copies, alike_, kTopicThreshold);
        }));
    add(false, is_uneven(state_.leaders, alike_));
  }

  void add(bool is_hard, bool is_violated) { goals_.push_back({is_hard, is_violated}); }
  bool has_networks() const { return has_flows_ && !state_.networks.empty(); }
  double seconds() const { return static_cast<double>(state_.flow_window.count()) / 1e9; }

  /// `used` within a time of so many of what capacities are for one of.
  static bool is_beyond(Loads used, Loads capacities, double time) {
    for (std::size_t i = 0; i < used.size(); ++i) {
      const double most = kCapacityThreshold * static_cast<double>(capacities[i]) * time;
      if (static_cast<double>(used[i]) > most) return true;
    }
    return false;
  }

  static bool is_uneven(Loads used, Loads capacities, double threshold = 1.1) {
    return resource_stats(used, capacities, threshold)->balanced_brokers < used.size();
  }

  const PeerState& state_;
  const std::vector<std::uint64_t> alike_;
  const std::vector<std::uint64_t> disks_;
  const std::vector<std::uint64_t> networks_;
  const bool has_flows_;
  const bool has_cpu_;
  std::vector<Goal> goals_;
};

}  // namespace

std::vector<Goal> broker_goals(const PeerState& state) { return BrokerGoals(state).all(); }

std::vector<std::uint64_t> potential_nw_out(const PeerState& state) {
  std::vector<std::uint64_t> bytes(state.copies.size());
  for (const Region& region : state.regions) {
    for (const std::uint32_t store : region.peers) bytes[store] += region.flow.leader_out_b;
  }
  return bytes;
}

}  // namespace shardproof::sim::peers
