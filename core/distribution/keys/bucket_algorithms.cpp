// SPDX-License-Identifier: Apache-2.0
#include "core/distribution/keys/anchor.hpp"
#include "core/distribution/keys/binomial.hpp"
#include "core/distribution/keys/capacity.hpp"
#include "core/distribution/keys/dx.hpp"
#include "core/distribution/keys/families.hpp"
#include "core/distribution/keys/jump.hpp"
#include "core/distribution/keys/memento.hpp"
#include "core/distribution/keys/modulo.hpp"

namespace shardproof::distribution {
namespace {

constexpr std::string_view kCapacity =
    "nodes there is room for, no fewer than ever are; 0: twice as many, to a power of two";

}  // namespace

std::vector<KeyAlgorithm> bucket_algorithms() {
  return {
      {.name = "mod",
       .about = "the hash's remainder by the number of nodes",
       .lookup = "O(1)",
       .memory = "none",
       .build = built<ModuloMap>},
      {.name = "jump",
       .about = "jump consistent hash: only the last node comes and goes",
       .lookup = "O(ln n)",
       .memory = "none",
       .build = built<JumpMap>},
      {.name = "anchor",
       .about = "AnchorHash: buckets that went say where their keys are, last out first in",
       .lookup = "O(1 + ln(a/n)), a the capacity",
       .memory = "16 bytes a place, 4 a free one",
       .options = {{"capacity", kCapacity, {0, 1}, 0, 100'000'000}},
       .fits = capacity_fits,
       .build = built<AnchorMap>},
      {.name = "memento",
       .about = "MementoHash: jump that remembers the buckets that went",
       .lookup = "O(ln n), with r gone O(ln n + ln((n+r)/n))",
       .memory = "12 bytes a bucket that went; 8 a node if any did",
       .options = {{"removed", "nodes that were there and went before", {0, 1}, 0, 1'000'000}},
       .build = built<MementoMap>},
      {.name = "dx",
       .about = "DxHash: a key's sequence of places until one is alive",
       .lookup = "O(a/n), a the capacity",
       .memory = "a bit a place",
       .options = {{"capacity", kCapacity, {0, 1}, 0, 1'000'000'000}},
       .fits = capacity_fits,
       .build = built<DxMap>},
      {.name = "binomial",
       .about = "BinomialHash: in a tree of powers of two; only the last node comes and goes",
       .lookup = "O(1)",
       .memory = "none",
       .options = {{"attempts", "to hit the upper half of the tree", {5, 1}, 1, 64}},
       .build = built<BinomialMap>},
  };
}

}  // namespace shardproof::distribution
