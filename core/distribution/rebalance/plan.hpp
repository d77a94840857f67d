// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

#include <fmt/format.h>

#include "core/base/ids.hpp"
#include "core/base/units.hpp"

namespace shardproof::distribution {

enum class MoveKind : std::uint8_t {
  Move,            ///< the copy on the source goes to the target; the source loses it
  Add,             ///< the target gets one more copy, made from the source, which keeps its own
  LeaderTransfer,  ///< the target, an in-sync replica, leads instead of the source; no data
};

enum class MoveReason : std::uint8_t {
  Repair,   ///< too few living copies
  Drain,    ///< the source is to leave, or is about to restart
  Domain,   ///< two copies share a domain although there are enough domains
  Balance,  ///< nothing but evenness
};

std::string_view to_string(MoveKind kind);
std::string_view to_string(MoveReason reason);

struct Move {
  ShardId shard{};
  NodeId source{};
  NodeId target{};
  MoveKind kind = MoveKind::Move;
  MoveReason reason = MoveReason::Balance;
  bool moves_leader = false;  ///< the source leads, so the target will
  std::uint32_t living_copies =
      0;          ///< in-sync copies alive when planned: fewest are repaired first
  Bytes bytes{};  ///< to be copied; zero for a leader transfer

  friend bool operator==(const Move&, const Move&) = default;
};

/// A copy that has to leave a draining node, or a missing one, for which there is no node now.
struct Unplaceable {
  ShardId shard{};
  NodeId source{};  ///< none for a repair

  friend bool operator==(const Unplaceable&, const Unplaceable&) = default;
};

/// Moves in the order in which they are to start. Moves of the same shard are meant one after the
/// other, in this order; anything else may overlap.
struct Plan {
  std::vector<Move> moves{};
  std::vector<Unplaceable> unplaceable{};

  bool empty() const { return moves.empty(); }
  Bytes bytes() const;
};

}  // namespace shardproof::distribution

/// Prints `move s7 n1->n2 (balance)`, with `leader` before the reason if leadership goes along.
template <>
struct fmt::formatter<shardproof::distribution::Move> {
  constexpr auto parse(format_parse_context& context) { return context.begin(); }
  template <typename FormatContext>
  auto format(const shardproof::distribution::Move& move, FormatContext& context) const {
    return fmt::format_to(context.out(), "{} {} {}->{} ({}{})", to_string(move.kind), move.shard,
                          move.source, move.target, move.moves_leader ? "leader, " : "",
                          to_string(move.reason));
  }
};
