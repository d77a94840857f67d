// SPDX-License-Identifier: Apache-2.0
#include "sim/check/stream_claims.hpp"

#include <algorithm>

namespace shardproof::sim::check {

void StreamClaims::on(const fact::ChunkStaged& chunk, const At& at) {
  Staged& staged = staged_[{chunk.shard, at.node}];
  const bool is_same = staged.stream == chunk.stream && staged.incarnation == at.incarnation;
  if (!is_same) staged = {at.incarnation, chunk.stream, 0};
  staged.pieces = std::max(staged.pieces, chunk.number + 1);
}

void StreamClaims::on(const hook::PiecesTold& told, const At& at) {
  evaluated();
  const auto found = staged_.find({told.shard, at.node});
  const bool is_known = found != staged_.end() && found->second.stream == told.stream &&
                        found->second.incarnation == at.incarnation;
  const std::uint32_t staged = is_known ? found->second.pieces : 0;
  if (told.pieces <= staged) return;
  report(at, {told.shard, {at.node}, {}},
         fmt::format("{} tells the sender of a copy of {} that {} pieces are on its disk, and it "
                     "has staged {} of that stream",
                     at.node, told.shard, told.pieces, staged));
}

}  // namespace shardproof::sim::check
