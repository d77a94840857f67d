// SPDX-License-Identifier: Apache-2.0
//
// Figures of other systems under their own names, of the final state. Their definitions are in
// sim/observe/peers/.

#include "sim/observe/metric_families.hpp"

namespace shardproof::sim {
namespace {

using enum MetricUnit;

constexpr MetricDefinition ratio(std::string_view name, std::string_view definition) {
  return final_only(name, kRatio, definition);
}
constexpr MetricDefinition count(std::string_view name, std::string_view definition) {
  return final_only(name, kCount, definition);
}

constexpr MetricDefinition kPeers[] = {
    ratio("peers.asim.cpu_thrash_pct", "CockroachDB: thrash_pct of cpu, summed over stores"),
    ratio("peers.asim.cpu_util_max",
          "CockroachDB: cpu_util (used over capacity) of the busiest store"),
    ratio("peers.asim.lease_thrash_pct", "CockroachDB: thrash_pct of leases, summed over stores"),
    ratio("peers.asim.qps_thrash_pct", "CockroachDB: thrash_pct of qps, summed over stores"),
    ratio("peers.asim.replica_thrash_pct",
          "CockroachDB: thrash_pct of replicas, summed over stores"),
    ratio("peers.ceph.expected_stddev", "Ceph: sqrt(avg (1 - 1/n)), the stddev that chance gives"),
    ratio("peers.ceph.mgr_score_bytes", "Ceph: the balancer's score of bytes, 0 is even"),
    ratio("peers.ceph.mgr_score_pgs", "Ceph: the balancer's score of PGs (shards), 0 is even"),
    ratio("peers.ceph.read_balance_score", "Ceph: most primaries of a device over their mean"),
    ratio("peers.ceph.stddev", "Ceph: standard deviation of PGs (shards) by device"),
    ratio("peers.ceph.stddev_over_avg", "Ceph: the same over the average"),
    ratio("peers.ceph.upmap_deviation", "Ceph: most PGs (shards) that a device is off its target"),
    ratio("peers.cruise_control.balancedness",
          "Cruise Control: 100 less the costs of violated goals (of those that are judged)"),
    ratio("peers.cruise_control.cpu_avg", "Cruise Control: AVG of cpu use, of one processor each"),
    ratio("peers.cruise_control.cpu_max", "Cruise Control: MAX of cpu use"),
    ratio("peers.cruise_control.cpu_min", "Cruise Control: MIN of cpu use"),
    ratio("peers.cruise_control.cpu_st_dev", "Cruise Control: ST_DEV of cpu use"),
    final_only("peers.cruise_control.disk_avg", kBytes, "Cruise Control: AVG of disk use"),
    final_only("peers.cruise_control.disk_max", kBytes, "Cruise Control: MAX of disk use"),
    final_only("peers.cruise_control.disk_min", kBytes, "Cruise Control: MIN of disk use"),
    final_only("peers.cruise_control.disk_st_dev", kBytes,
               "Cruise Control: ST_DEV of disk use, from each broker's part by capacity"),
    ratio("peers.cruise_control.leaders_st_dev", "Cruise Control: ST_DEV of leader replicas"),
    count("peers.cruise_control.num_balanced_brokers",
          "Cruise Control: brokers whose disk use is within 10 % of their part"),
    ratio("peers.cruise_control.replicas_st_dev", "Cruise Control: ST_DEV of replicas"),
    ratio("peers.elasticsearch.overage_percent_bytes",
          "Elasticsearch: ceil(1000 (max - mean) / mean) / 10 of bytes"),
    ratio("peers.elasticsearch.overage_percent_shards",
          "Elasticsearch: ceil(1000 (max - mean) / mean) / 10 of shards"),
    ratio("peers.elasticsearch.std_dev_shards",
          "Elasticsearch: std_dev of shards by node (of the population)"),
    ratio("peers.elasticsearch.weight_delta",
          "Elasticsearch: largest difference of two nodes' weights for an index, to be at most 1"),
    ratio("peers.hbase.weighted_cost",
          "HBase: weighted cost of region counts and tables, over the multipliers"),
    ratio(
        "peers.hdfs.usage_deviation",
        "HDFS: most percentage points that a node's usage is off the cluster's, to be at most 10"),
    ratio("peers.helix.coefficient_of_variation", "Helix: CV of used capacity (bytes) by instance"),
    ratio("peers.kudu.location_load_skew",
          "Kudu: difference of the largest and least load of a location (zone)"),
    count("peers.kudu.table_skew",
          "Kudu: most replicas of a table on a server less the least, of the worst table"),
    ratio("peers.ozone.data_density",
          "Ozone: most percentage points that a volume's use is off the average, to be at most 10"),
    ratio("peers.pd.import_deviation",
          "PD: sum((p - 10)^2) / 100 over ten stores' percentages, to be below 0.01"),
    count("peers.pd.is_uniform", "PD: 1 if every store's regions are within 5 % of the mean"),
    ratio("peers.pd.leader_score_max", "PD: largest LeaderScore by count, weight 1"),
    ratio("peers.pd.leader_score_min", "PD: least LeaderScore by count, weight 1"),
    ratio("peers.pd.region_score_max", "PD: largest RegionScore v2, weight 1"),
    ratio("peers.pd.region_score_min", "PD: least RegionScore v2, weight 1"),
    count("peers.pd.transfer_necessary", "PD: TransferCounter's Necessary"),
    count("peers.pd.transfer_redundant", "PD: TransferCounter's Redundant"),
    ratio("peers.redpanda.disk_used_max",
          "Redpanda: used over total of the fullest disk, 0.8 soft and 0.95 hard"),
    count("peers.redpanda.unbalanced_nodes",
          "Redpanda: nodes whose replicas are over 1 % (rounded up) off what is expected"),
    ratio("peers.scylla.best_node_overcommit",
          "Scylla: node_overcommit of a packing that places the largest first"),
    ratio("peers.scylla.node_overcommit", "Scylla: most bytes of a node over its ideal load"),
    ratio("peers.scylla.size_imbalance", "Scylla: (most - least) / most of bytes by node"),
    ratio("peers.slicer.imbalance", "Slicer: most requests of a task over the mean"),
    ratio("peers.slicer.key_churn", "Slicer: bytes moved over bytes held, resends left out"),
};

}  // namespace

std::span<const MetricDefinition> peer_metrics() { return kPeers; }

}  // namespace shardproof::sim
