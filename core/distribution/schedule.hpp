// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "core/base/units.hpp"
#include "core/distribution/cluster_view.hpp"
#include "core/distribution/move_window.hpp"
#include "core/distribution/rebalance/plan.hpp"

namespace shardproof::distribution {

/// How much may be in flight at once. A limit of zero is no limit.
struct MoveLimits {
  std::uint32_t moves_per_node = 2;    ///< moves that a node is source or target of
  std::uint32_t moves_per_domain = 0;  ///< moves with source or target in the domain
  DomainLevel domain_level = DomainLevel::Zone;
  std::uint32_t moves_cluster_wide = 0;
  Bandwidth bandwidth{};  ///< of all copying together
  /// The bandwidth is handed out in this many equal shares, one for each copy in flight; copies
  /// beyond them wait. Used only with a bandwidth. > 0; no more than the bandwidth in bytes per
  /// second are made.
  std::uint32_t bandwidth_shares = 4;
  /// Of repairs, those of the shards with the fewest living copies go first; else all go in the
  /// order of their shards, as if each were as urgent.
  bool fewest_copies_first = true;
  std::vector<MoveWindow> windows{};   ///< when balancing may start; empty for always
  Nanoseconds time_of_day_at_start{};  ///< when time started, for daily windows; below 24 h

  friend bool operator==(const MoveLimits&, const MoveLimits&) = default;
};

/// A move that has been admitted and is not known to have ended.
struct ActiveMove {
  ShardId shard{};
  NodeId source{};
  NodeId target{};
  MoveKind kind = MoveKind::Move;
};

struct Admission {
  std::size_t queue_index = 0;  ///< of the move in the queue
  Bandwidth share{};            ///< what the copy may use; unlimited if there is no limit
};

/// Which moves of the queue may start now, in the order in which they should.
///
/// Repairs come first, those of the shards with the fewest living copies before others (unless
/// the limits say otherwise), then drain and domain moves, then balance; in a class first come,
/// first served. A shard has one move at a
/// time, and its moves keep their order, but for repairs, which go before the others. A move that
/// has to wait holds up nothing else. Windows hold back balancing only: the other classes restore
/// safety or follow an operator's order.
///
/// Active moves count whether or not their nodes can be reached: a move is in flight until it is
/// known to have ended. So no limit is ever exceeded by what is admitted, though it may be already
/// when limits were lowered. Leader transfers count as moves and take no bandwidth. `view` is asked
/// for domains only. O(q log q + a) for a queue of q and a active moves.
std::vector<Admission> admit(const std::vector<Move>& queue, const std::vector<ActiveMove>& active,
                             const ClusterView& view, const MoveLimits& limits, Instant now);

/// The share of the bandwidth that every copy in flight has under these limits.
Bandwidth bandwidth_share(const MoveLimits& limits);

}  // namespace shardproof::distribution
