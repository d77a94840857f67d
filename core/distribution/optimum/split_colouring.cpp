// SPDX-License-Identifier: Apache-2.0
#include "core/distribution/optimum/split_colouring.hpp"

namespace shardproof::distribution {

std::vector<std::uint32_t> split_colouring(std::uint32_t vertices,
                                           const std::vector<KempeColouring::Edge>& edges,
                                           std::uint32_t colours) {
  std::vector<std::uint32_t> room(vertices);  // of the part that is being filled
  std::vector<std::uint32_t> part(vertices);
  std::uint32_t parts = 0;
  const auto part_for_one_more = [&](std::uint32_t vertex) {
    if (room[vertex] == 0) {
      room[vertex] = colours;
      part[vertex] = parts++;
    }
    --room[vertex];
    return part[vertex];
  };
  std::vector<KempeColouring::Edge> split;
  split.reserve(edges.size());
  for (const auto& [a, b] : edges) {
    const std::uint32_t part_of_a = part_for_one_more(a);
    const std::uint32_t part_of_b = part_for_one_more(b);
    split.emplace_back(part_of_a, part_of_b);
  }
  KempeColouring colouring(parts, std::move(split), colours);
  colouring.run();
  return colouring.colours();
}

}  // namespace shardproof::distribution
