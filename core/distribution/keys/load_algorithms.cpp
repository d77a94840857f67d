// SPDX-License-Identifier: Apache-2.0
#include "core/distribution/keys/directory.hpp"
#include "core/distribution/keys/families.hpp"
#include "core/distribution/keys/range.hpp"
#include "core/distribution/keys/two_choice.hpp"

namespace shardproof::distribution {

std::vector<KeyAlgorithm> load_algorithms() {
  return {
      {.name = "range",
       .about = "ranges of keys in order, cut at the median when they are full",
       .lookup = "O(log s), s shards",
       .memory = "a key and 4 bytes a shard",
       .options =
           {{"split", "keys of a shard beyond which it is cut", {1000, 1}, 1, 1'000'000'000}},
       .is_weighted = true,
       .remembers_keys = true,
       .counts_keys = true,
       .build = built<RangeMap>},
      {.name = "two_choice",
       .about = "the less loaded of two nodes, by weight, remembered in a directory",
       .lookup = "O(1), of a new key O(d ln n), by weight O(d n)",
       .memory = "20 to 28 bytes a key, 8 a node, by weight 24",
       .options = {{"choices", "nodes of which one is chosen", {2, 1}, 1, 1000}},
       .is_weighted = true,
       .remembers_keys = true,
       .counts_keys = true,
       .build = built<TwoChoiceMap>},
      {.name = "directory",
       .about = "the least loaded node, remembered in a directory",
       .lookup = "O(1), of a new key O(log n)",
       .memory = "20 to 28 bytes a key, 12 a node",
       .is_weighted = true,
       .remembers_keys = true,
       .counts_keys = true,
       .build = built<DirectoryMap>},
  };
}

}  // namespace shardproof::distribution
