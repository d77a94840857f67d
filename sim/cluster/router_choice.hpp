// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <vector>

#include "core/base/ids.hpp"
#include "core/base/random.hpp"
#include "core/base/units.hpp"

namespace shardproof::sim {

/// Which node clients send an attempt to: one that is drawn, but for those that are avoided, as the
/// drivers of databases select a server (MongoDB, "Server Selection", which works on what was last
/// seen of each server). A node is avoided for a while from when an attempt there ran out of time
/// and nobody had had an answer of use from it since that attempt began; then one attempt tries it,
/// and the others go on without it until that one is answered. Clients are all on one side of a
/// network fault, so what one has seen holds for all.
class RouterChoice {
 public:
  explicit RouterChoice(Nanoseconds avoid_for) : avoid_for_(avoid_for) {}

  /// One of the `nodes` first ids, `nodes` > 0: any of them if all are avoided. Draws once, and
  /// again if that one is avoided and others are not. O(nodes) then, else O(1).
  NodeId choose(std::size_t nodes, Instant now, Random& random);
  /// The node has said something of use.
  void on_answer(NodeId node, Instant now);
  /// What was sent there at `sent` has not been answered in time.
  void on_silence(NodeId node, Instant sent, Instant now);

 private:
  struct Seen {
    Instant last_answer;
    Instant avoided_until;
    bool is_suspect = false;
  };

  bool is_avoided(NodeId node, Instant now) const;
  Seen& seen(NodeId node);

  Nanoseconds avoid_for_;
  std::vector<Seen> nodes_;  ///< by id, up to the largest there was something to say of
};

}  // namespace shardproof::sim
