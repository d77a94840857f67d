// SPDX-License-Identifier: Apache-2.0
#include "core/distribution/keys/asura.hpp"
#include "core/distribution/keys/bounded.hpp"
#include "core/distribution/keys/families.hpp"
#include "core/distribution/keys/ketama.hpp"
#include "core/distribution/keys/multiprobe.hpp"
#include "core/distribution/keys/ring.hpp"
#include "core/distribution/keys/skeleton.hpp"

namespace shardproof::distribution {

namespace {

const PolicyOption kVnodes{"vnodes", "points of a node of mean weight", {100, 1}, 1, 100'000};

}  // namespace

std::vector<KeyAlgorithm> point_algorithms() {
  return {
      {.name = "ring",
       .about = "consistent hashing on a circle with virtual nodes",
       .lookup = "O(log nv)",
       .memory = "12 bytes a point",
       .options = {kVnodes},
       .is_weighted = true,
       .build = built<RingMap>},
      {.name = "ketama",
       .about = "libketama: a weighted ring of 160 points a node, by MD5",
       .lookup = "O(log n), and an MD5",
       .memory = "8 bytes a point",
       .is_weighted = true,
       .build = built<KetamaMap>},
      {.name = "bounded",
       .about = "a ring where no node has more than c times its share",
       .lookup = "O(log nv + points passed)",
       .memory = "12 bytes a point, 16 a node",
       .options = {{"c", "capacity over share", {5, 4}, 1, 1000, false},
                   kVnodes,
                   {"jumps", "1: past a full node at random, not clockwise", {0, 1}, 0, 1}},
       .is_weighted = true,
       .counts_keys = true,
       .fits = bounded_fits,
       .build = built<BoundedMap>},
      {.name = "multiprobe",
       .about = "consistent hashing with one point a node and several places a key",
       .lookup = "O(k log n), k probes",
       .memory = "12 bytes a node",
       .options = {{"probes", "places of a key", {21, 1}, 1, 10'000}},
       .build = built<MultiProbeMap>},
      {.name = "rendezvous",
       .about = "highest random weight, flat or down a tree",
       .lookup = "O(n), with fanout m O(m log_m n)",
       .memory = "8 bytes a node, 16 with weights",
       .options = {{"fanout",
                    "children of a vertex of the tree, 2 or more; 0: flat",
                    {0, 1},
                    0,
                    1'000'000}},
       .is_weighted = true,
       .fits = rendezvous_fits,
       .build = build_rendezvous},
      {.name = "asura",
       .about = "ASURA: numbers of a key until one falls on a node's segment of a line",
       .lookup = "O(1)",
       .memory = "4 bytes a node",
       .is_weighted = true,
       .build = built<AsuraMap>},
  };
}

}  // namespace shardproof::distribution
