// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/distribution/cluster_view.hpp"
#include "core/step.hpp"

namespace shardproof {

struct Tenure;

/// What the policies may see: the table, the members' lives, and loads as last reported. Shards
/// that are offline, being changed, or short of a copy whose holder is given time to return are
/// frozen; those of collections whose documents are being moved are pinned. O(nodes + shards).
distribution::ClusterView build_view(const Tenure& tenure, const Step& step);
/// One node, as it is in the view; as removed if it is not a member. O(1).
distribution::NodeView build_node(NodeId node, const Tenure& tenure, const Step& step);
/// The same without shards. O(nodes).
distribution::ClusterView build_node_view(const Tenure& tenure, const Step& step);

}  // namespace shardproof
