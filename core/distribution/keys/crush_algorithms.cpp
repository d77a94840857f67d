// SPDX-License-Identifier: Apache-2.0
#include "core/distribution/keys/crush/crush_map.hpp"
#include "core/distribution/keys/crush/list_bucket.hpp"
#include "core/distribution/keys/crush/straw2_bucket.hpp"
#include "core/distribution/keys/crush/tree_bucket.hpp"
#include "core/distribution/keys/crush/uniform_bucket.hpp"
#include "core/distribution/keys/families.hpp"

namespace shardproof::distribution {
namespace {

const PolicyOption kDomain{"domain", "nodes of a failure domain; 1: flat", {1, 1}, 1, 1'000'000};

}  // namespace

std::vector<KeyAlgorithm> crush_algorithms() {
  return {
      {.name = "straw2",
       .about = "CRUSH with straw2 buckets, flat or with failure domains",
       .lookup = "O(n), O(n/d + d) with domains of d",
       .memory = "16 bytes a node and a domain",
       .options = {kDomain},
       .is_weighted = true,
       .build = built<CrushMap<Straw2Bucket>>},
      {.name = "crush_list",
       .about = "CRUSH with list buckets: nodes come cheaply, those within the list change dearly",
       .lookup = "O(n), O(n/d + d) with domains of d",
       .memory = "24 bytes a node and a domain",
       .options = {kDomain},
       .is_weighted = true,
       .build = built<CrushMap<ListBucket>>},
      {.name = "crush_tree",
       .about = "CRUSH with tree buckets: quick, and some of the keys move between old nodes",
       .lookup = "O(log n)",
       .memory = "16 to 32 bytes a node and a domain",
       .options = {kDomain},
       .is_weighted = true,
       .build = built<CrushMap<TreeBucket>>},
      {.name = "crush_uniform",
       .about = "CRUSH with uniform buckets: quickest, and nearly all keys move",
       .lookup = "O(1)",
       .memory = "24 bytes a domain",
       .options = {kDomain},
       .fits = crush_domains_fit,
       .build = built<CrushMap<UniformBucket>>},
  };
}

}  // namespace shardproof::distribution
