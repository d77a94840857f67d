// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>

#include "sim/scenario/spec.hpp"

namespace shardproof::sim {

inline constexpr char kDefaultRegion[] = "region";
inline constexpr char kDefaultZone[] = "zone";
inline constexpr char kDefaultRack[] = "rack";

/// Where the node that comes after `before` others stands, and what it is called, if nobody says.
/// `domains` has at least one zone and one rack.
void fill_node(const DomainTurn& domains, std::size_t before, NodeSpec& node);

/// One region with one zone with one rack: what a cluster has that names none.
DomainTurn default_domains();

/// The nodes that `[cluster] nodes = count` makes with the cluster's domains and capacity.
std::vector<NodeSpec> counted_nodes(const ClusterSpec& cluster, std::size_t count);

/// Fills in the names and domains that nodes leave open, and the domains themselves if the scenario
/// names none: those of the nodes in order of appearance, or one of each. Returns a message if a
/// node names a domain that is not declared, or a zone in two regions.
std::optional<std::string> complete_domains(ClusterSpec& cluster);

}  // namespace shardproof::sim
