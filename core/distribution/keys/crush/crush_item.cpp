// SPDX-License-Identifier: Apache-2.0
#include "core/distribution/keys/crush/crush_item.hpp"

#include <fmt/format.h>

#include "core/base/stable_hash.hpp"

namespace shardproof::distribution {

CrushItem crush_node(const KeyMapRequest& request, std::uint32_t node) {
  return {stable_hash(fmt::format("node-{}", node), request.seed), request.weight(node)};
}

}  // namespace shardproof::distribution
