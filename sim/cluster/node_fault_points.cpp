// SPDX-License-Identifier: Apache-2.0
#include "sim/cluster/node_fault_points.hpp"

#include <fmt/format.h>

namespace shardproof::sim {
namespace {

constexpr unsigned kPointBits = 16;

std::uint64_t entity_of(NodeId node, FaultPoint point) {
  return std::uint64_t{node.value()} << kPointBits | static_cast<std::uint64_t>(point);
}

}  // namespace

std::unique_ptr<FaultPoints> make_fault_points(const ScenarioSpec& spec, NodeId node,
                                               const Streams& source) {
  FaultPointChances chances{};
  bool are_any = false;
  for (std::size_t i = 0; i < kFaultPoints; ++i) {
    chances[i] = spec.fault_points[i].value_or(Ratio());
    are_any = are_any || !chances[i].is_zero();
  }
  if (!are_any) return nullptr;
  std::vector<Random> streams;
  for (const FaultPointInfo& info : fault_point_catalogue()) {
    streams.push_back(source.stream("fault_point", entity_of(node, info.point), "fire"));
  }
  return std::make_unique<FaultPoints>(chances, std::move(streams));
}

void visit_streams(NodeId node, FaultPoints* points, StreamVisitor& visitor) {
  if (points == nullptr) return;
  for (const FaultPointInfo& info : fault_point_catalogue()) {
    visitor.on_stream("fault_point", entity_of(node, info.point), "fire",
                      points->stream(info.point));
  }
}

std::string fault_point_subject(std::uint64_t entity) {
  const NodeId node(static_cast<NodeId::Rep>(entity >> kPointBits));
  const std::uint64_t point = entity & ((std::uint64_t{1} << kPointBits) - 1);
  return fmt::format("{} {}", node, fault_point_catalogue()[point].name);
}

}  // namespace shardproof::sim
