// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>

#include "core/base/ids.hpp"
#include "core/fault_points.hpp"
#include "sim/kernel/stream_visitor.hpp"
#include "sim/scenario/spec.hpp"

namespace shardproof::sim {

/// The node's fault points with the scenario's chances; null if it asks for none.
///
/// Streams: ("fault_point", node and point, "fire").
std::unique_ptr<FaultPoints> make_fault_points(const ScenarioSpec& spec, NodeId node,
                                               const Streams& source);

/// In the order of the enumeration; nothing for null.
void visit_streams(NodeId node, FaultPoints* points, StreamVisitor& visitor);

/// Whom a stream of ("fault_point", `entity`, ...) is for: "n3 small_chunk".
std::string fault_point_subject(std::uint64_t entity);

}  // namespace shardproof::sim
