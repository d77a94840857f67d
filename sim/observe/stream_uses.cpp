// SPDX-License-Identifier: Apache-2.0
#include "sim/observe/stream_uses.hpp"

#include <algorithm>
#include <map>
#include <utility>

namespace shardproof::sim {
namespace {

using Draws = std::optional<std::uint64_t>;
using Name = std::pair<std::string, std::string>;

/// Both runs' numbers by name, in the order of `recorded`, then of what only `now` has.
std::vector<StreamDifference> draws_at(const StreamUses& recorded, std::size_t recorded_mark,
                                       const StreamUses& now, std::size_t now_mark) {
  std::vector<StreamDifference> all;
  std::map<Name, std::size_t> places;
  for (const StreamUse& use : recorded.streams) {
    places[{use.site, use.subject}] = all.size();
    all.push_back({use.site, use.subject, use.draws[recorded_mark], std::nullopt});
  }
  for (const StreamUse& use : now.streams) {
    const auto [place, is_new] = places.emplace(Name(use.site, use.subject), all.size());
    if (is_new) all.push_back({use.site, use.subject, std::nullopt, std::nullopt});
    all[place->second].now = use.draws[now_mark];
  }
  std::erase_if(all, [](const StreamDifference& one) {
    return one.recorded.value_or(0) == one.now.value_or(0);
  });
  return all;
}

}  // namespace

std::optional<StreamsPart> part(const StreamUses& recorded, const StreamUses& now) {
  std::uint64_t same_until = 0;
  for (std::size_t i = 0; i < recorded.marks.size(); ++i) {
    const auto mark = std::lower_bound(now.marks.begin(), now.marks.end(), recorded.marks[i]);
    if (mark == now.marks.end() || *mark != recorded.marks[i]) continue;
    auto differences =
        draws_at(recorded, i, now, static_cast<std::size_t>(mark - now.marks.begin()));
    if (!differences.empty()) return StreamsPart{same_until, *mark, std::move(differences)};
    same_until = *mark;
  }
  return std::nullopt;
}

}  // namespace shardproof::sim
