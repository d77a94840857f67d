// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "sim/observe/peers/figures.hpp"

/// LinkedIn's Cruise Control for Kafka: statistics of a resource over brokers, and balancedness.
namespace shardproof::sim::peers {

struct ResourceStats {
  double avg = 0;     ///< AVG
  double max = 0;     ///< MAX
  double min = 0;     ///< MIN
  double st_dev = 0;  ///< ST_DEV = sqrt(mean((util - avgPct x capacity)^2))
  /// numBalancedBrokers: util within avgPct x capacity x [2 - b, b].
  std::uint64_t balanced_brokers = 0;
};

/// Of the alive brokers, b = `balance_threshold`; avgPct is total utilisation over total capacity.
/// Nothing without a broker; capacities above zero.
std::optional<ResourceStats> resource_stats(Loads utilisation, Loads capacities,
                                            double balance_threshold = 1.1);

/// Statistics of numbers of replicas or leaders by broker: of the plain average, whatever the
/// capacities. Nothing without a broker.
struct CountStats {
  double avg = 0;
  double max = 0;
  double min = 0;
  double st_dev = 0;  ///< of the population
};
std::optional<CountStats> count_stats(Loads counts);

/// Of the replicas of each topic: AVG and ST_DEV are the means of the topics', MAX and MIN are over
/// all. Source: linkedin/cruise-control, ClusterModelStats.numForAvgTopicReplicas. Nothing without
/// a topic or a broker.
std::optional<CountStats> topic_stats(std::span<const std::vector<std::uint64_t>> topics);

/// One goal, by priority the highest first.
struct Goal {
  bool is_hard = false;
  bool is_violated = false;
};

/// 100 less the costs of the violated goals. From the lowest priority up the weights are
/// priority_weight^k, times strictness_weight of a hard goal; costs are their parts of 100. (The
/// defaults are recalled, not read.) 100 without a goal.
double balancedness(std::span<const Goal> goals, double priority_weight = 1.1,
                    double strictness_weight = 1.5);

}  // namespace shardproof::sim::peers
