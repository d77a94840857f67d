// SPDX-License-Identifier: Apache-2.0
#include "sim/observe/peers/peer_state.hpp"

#include <algorithm>

#include "sim/observe/peers/broker_goals.hpp"
#include "sim/observe/peers/ceph.hpp"
#include "sim/observe/peers/cruise_control.hpp"
#include "sim/observe/peers/elasticsearch.hpp"
#include "sim/observe/peers/hbase.hpp"
#include "sim/observe/peers/hdfs.hpp"
#include "sim/observe/peers/kudu.hpp"
#include "sim/observe/peers/pd.hpp"
#include "sim/observe/peers/put_figure.hpp"
#include "sim/observe/peers/redpanda.hpp"
#include "sim/observe/peers/slicer.hpp"

namespace shardproof::sim::peers {
namespace {

constexpr std::uint64_t kPackingMax = 100'000'000;

class Figures {
 public:
  explicit Figures(const PeerState& state)
      : state_(state),
        weights_(state.disks.empty() ? std::vector<std::uint64_t>(state.copies.size(), 1)
                                     : state.disks) {}

  PeerFigures all() {
    if (!state_.copies.empty()) {
      ceph();
      cruise_control();
      elasticsearch();
      pd();
      scylla();
      others();
      disks();
      processors();
      put_asim_figures(figures_, state_);
      put_flow_figures(figures_, state_);
      put_placement_figures(figures_, state_, weights_);
    }
    of_run();
    return std::move(figures_);
  }

 private:
  void put(std::string_view name, std::optional<double> value) {
    put_figure(figures_, name, value);
  }

  void ceph() {
    if (const auto stats = pg_stats(state_.copies)) {
      put("ceph.avg", stats->avg);
      put("ceph.min", stats->min);
      put("ceph.max", stats->max);
      put("ceph.stddev", stats->stddev);
      put("ceph.stddev_over_avg", stats->stddev_over_avg);
      put("ceph.expected_stddev", stats->expected_stddev);
      put("ceph.mgr_score_pgs", mgr_score(state_.copies, weights_));
    }
    if (total_of(state_.bytes) > 0) {
      put("ceph.mgr_score_bytes", mgr_score(state_.bytes, weights_));
    }
    put("ceph.upmap_deviation", upmap_deviation(state_.copies, weights_));
    put("ceph.read_balance_score", read_balance_score(state_.leaders));
  }

  void cruise_control() {
    put_count_stats(figures_, "replicas", count_stats(state_.copies));
    put_count_stats(figures_, "leaders", count_stats(state_.leaders));
    const auto disk = resource_stats(state_.disk_used, weights_);
    put("cruise_control.disk_avg", disk->avg);
    put("cruise_control.disk_max", disk->max);
    put("cruise_control.disk_min", disk->min);
    put("cruise_control.disk_st_dev", disk->st_dev);
    put("cruise_control.num_balanced_brokers", static_cast<double>(disk->balanced_brokers));
    put("cruise_control.balancedness", balancedness(broker_goals(state_)));
  }

  /// Of one index: the largest weight of a node less the least. No write load is reported.
  double weight_delta(const Table& table) const {
    double least = 0;
    double most = 0;
    for (std::size_t i = 0; i < state_.copies.size(); ++i) {
      const WeightInput node{static_cast<double>(state_.copies[i]),
                             mean_of(state_.copies),
                             static_cast<double>(table.copies[i]),
                             mean_of(table.copies),
                             0,
                             0,
                             static_cast<double>(state_.bytes[i]),
                             mean_of(state_.bytes)};
      const double weight = allocation_weight(node);
      least = i == 0 ? weight : std::min(least, weight);
      most = i == 0 ? weight : std::max(most, weight);
    }
    return most - least;
  }

  void put_allocation(const std::string& what, const AllocationStats& stats) {
    put("elasticsearch.total_" + what, stats.total);
    put("elasticsearch.min_" + what, stats.min);
    put("elasticsearch.max_" + what, stats.max);
    put("elasticsearch.average_" + what, stats.average);
    put("elasticsearch.std_dev_" + what, stats.std_dev);
  }

  void elasticsearch() {
    std::optional<double> delta;
    for (const Table& table : state_.tables) {
      delta = std::max(delta.value_or(0), weight_delta(table));
    }
    put("elasticsearch.weight_delta", delta);
    put("elasticsearch.overage_percent_shards", overage_percent(state_.copies));
    put("elasticsearch.overage_percent_bytes", overage_percent(state_.bytes));
    put_allocation("shards", *allocation_stats(state_.copies));
    put_allocation("bytes", *allocation_stats(state_.bytes));
  }

  void pd() {
    const auto uniform = is_uniform(state_.copies);
    put("pd.is_uniform", uniform ? std::optional(*uniform ? 1.0 : 0.0) : std::nullopt);
    put("pd.import_deviation", import_deviation(state_.copies));
    put("pd.leader_score_max", leader_score(largest_of(state_.leaders), 0, 1));
    put("pd.leader_score_min", leader_score(smallest_of(state_.leaders), 0, 1));
    std::optional<double> most;
    std::optional<double> least;
    for (std::size_t i = 0; i < state_.disks.size(); ++i) {
      const std::uint64_t disk = state_.disks[i];
      const Bytes available(disk - std::min(disk, state_.disk_used[i]));
      const double score = region_score(Bytes(state_.bytes[i]), Bytes(disk), available, 1);
      most = std::max(most.value_or(score), score);
      least = std::min(least.value_or(score), score);
    }
    put("pd.region_score_max", most);
    put("pd.region_score_min", least);
  }

  void scylla() {
    put("scylla.node_overcommit", overcommit(state_.bytes, weights_));
    put("scylla.size_imbalance", size_imbalance(state_.bytes));
    std::uint64_t copies = 0;
    for (const Tablet& shard : state_.shards) copies += shard.copies;
    if (copies * weights_.size() <= kPackingMax) {
      put("scylla.best_node_overcommit", best_overcommit(state_.shards, weights_));
    }
  }

  void others() {
    std::optional<double> table;
    std::vector<Cost> costs;
    if (const auto cost = count_skew_cost(state_.copies)) {
      costs.push_back({*cost, kRegionCountMultiplier});
    }
    const auto held = static_cast<double>(
        std::count_if(state_.tables.begin(), state_.tables.end(),
                      [](const Table& one) { return count_skew_cost(one.copies).has_value(); }));
    for (const Table& one : state_.tables) {
      table = std::max(table.value_or(0), static_cast<double>(table_skew(one.copies).value_or(0)));
      if (const auto cost = count_skew_cost(one.copies)) {
        costs.push_back({*cost, kTableSkewMultiplier / held});
      }
    }
    put("kudu.table_skew", table);
    put("hbase.weighted_cost", weighted_cost(costs));
    std::map<std::uint64_t, std::pair<std::uint64_t, std::uint64_t>> locations;
    for (std::size_t i = 0; i < state_.locations.size(); ++i) {
      auto& [replicas, servers] = locations[state_.locations[i][1]];
      replicas += state_.copies[i];
      ++servers;
    }
    std::vector<double> loads;
    for (const auto& [zone, sums] : locations) {
      loads.push_back(location_load(sums.first, sums.second));
    }
    const auto [least, most] = std::minmax_element(loads.begin(), loads.end());
    put("kudu.location_load_skew", loads.empty() ? std::nullopt : std::optional(*most - *least));
    put("slicer.imbalance", load_imbalance(state_.requests));
    if (const auto stats = allocation_stats(state_.bytes); stats->total > 0) {
      put("helix.coefficient_of_variation", stats->std_dev / stats->average);
    }
    put("redpanda.unbalanced_nodes",
        static_cast<double>(unbalanced_nodes(state_.copies, weights_, 1)));
  }

  void disks() {
    if (state_.disks.empty()) return;
    put("hdfs.usage_deviation", usage_deviation(state_.disk_used, state_.disks));
    put("ozone.data_density", data_density(state_.disk_used, state_.disks));
    put("redpanda.disk_used_max", disk_used_max(state_.disk_used, state_.disks));
  }

  /// Each node has one, whose capacity is the time of the window.
  void processors() {
    if (state_.window <= Nanoseconds(0)) return;
    const auto window = static_cast<double>(state_.window.count());
    const auto stats = resource_stats(state_.cpu, std::vector<std::uint64_t>(state_.cpu.size(), 1));
    put("asim.cpu_util_max", stats->max / window);
    put("cruise_control.cpu_avg", stats->avg / window);
    put("cruise_control.cpu_max", stats->max / window);
    put("cruise_control.cpu_min", stats->min / window);
    put("cruise_control.cpu_st_dev", stats->st_dev / window);
  }

  void of_run() {
    if (state_.run) put_run_figures(figures_, *state_.run);
    if (state_.transfers) {
      put("pd.transfer_redundant", static_cast<double>(state_.transfers->redundant));
      put("pd.transfer_necessary", static_cast<double>(state_.transfers->necessary));
    }
    if (state_.bytes_moved) {
      std::uint64_t held = 0;
      for (const std::uint64_t bytes : state_.bytes) held += bytes;
      put("slicer.key_churn", key_churn(*state_.bytes_moved, held));
    }
    figures_["peers.asim.lease_thrash_pct"] = state_.lease_thrash_pct;
    figures_["peers.asim.replica_thrash_pct"] = state_.replica_thrash_pct;
    figures_["peers.asim.qps_thrash_pct"] = state_.qps_thrash_pct;
    figures_["peers.asim.cpu_thrash_pct"] = state_.cpu_thrash_pct;
  }

  const PeerState& state_;
  std::vector<std::uint64_t> weights_;
  PeerFigures figures_;
};

}  // namespace

PeerFigures peer_figures(const PeerState& state) { return Figures(state).all(); }

}  // namespace shardproof::sim::peers
