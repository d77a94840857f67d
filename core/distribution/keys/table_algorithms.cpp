// SPDX-License-Identifier: Apache-2.0
#include "core/distribution/keys/families.hpp"
#include "core/distribution/keys/maglev.hpp"
#include "core/distribution/keys/random_slicing.hpp"
#include "core/distribution/keys/slots.hpp"

namespace shardproof::distribution {

std::vector<KeyAlgorithm> table_algorithms() {
  return {
      {.name = "slots",
       .about = "fixed hash slots and a table of their nodes, as in Redis Cluster",
       .lookup = "O(1)",
       .memory = "4 bytes a slot",
       .options = {{"slots", "of CRC-16, so 65536 at most", {16'384, 1}, 1, 65'536}},
       .is_weighted = true,
       .build = built<SlotsMap>},
      {.name = "maglev",
       .about = "a table that nodes fill in turns",
       .lookup = "O(1)",
       .memory = "4 bytes a slot",
       .options = {{"table", "slots, a prime number", {65'537, 1}, 2, 5'000'011}},
       .is_weighted = true,
       .fits = maglev_fits,
       .build = built<MaglevMap>},
      {.name = "random_slicing",
       .about = "slices of the key space; a change cuts off just what must move",
       .lookup = "O(log s), s slices",
       .memory = "12 bytes a slice",
       .is_weighted = true,
       .build = built<RandomSlicingMap>},
  };
}

}  // namespace shardproof::distribution
