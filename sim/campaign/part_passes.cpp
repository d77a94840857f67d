// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <numeric>

#include "sim/campaign/cuts.hpp"
#include "sim/campaign/ladder.hpp"
#include "sim/campaign/passes.hpp"

namespace shardproof::sim::campaign {
namespace {

/// Shorter runs gain nothing, and would have to be sampled more often than is usual.
constexpr Nanoseconds kDurationMin = milliseconds(100);

using Places = std::vector<std::size_t>;

/// `places` in `parts` pieces of about the same length, in order.
std::vector<Places> split(const Places& places, std::size_t parts) {
  std::vector<Places> pieces(parts);
  for (std::size_t i = 0; i < places.size(); ++i) {
    pieces[i * parts / places.size()].push_back(places[i]);
  }
  return pieces;
}

Places without(const Places& places, const Places& piece) {
  Places rest;
  std::set_difference(places.begin(), places.end(), piece.begin(), piece.end(),
                      std::back_inserter(rest));
  return rest;
}

Places all_of(std::size_t count) {
  Places places(count);
  std::iota(places.begin(), places.end(), std::size_t{0});
  return places;
}

/// The algorithm ddmin on the list of events. Candidates of one granularity, pieces first and what
/// is left without each then, are one batch.
void delta_debug_events(Search& search) {
  std::size_t parts = 2;
  while (search.current().events.size() >= 2 && !search.is_over()) {
    const Places places = all_of(search.current().events.size());
    parts = std::min(parts, places.size());
    const std::vector<Places> pieces = split(places, parts);
    std::vector<ScenarioSpec> candidates;
    for (const Places& piece : pieces) {
      keep_events(candidates.emplace_back(search.current()), piece);
    }
    for (const Places& piece : pieces) {
      keep_events(candidates.emplace_back(search.current()), without(places, piece));
    }
    const auto found = search.try_first(std::move(candidates), search.seeds_for(parts));
    if (found) {
      parts = *found < parts ? 2 : std::max<std::size_t>(parts - 1, 2);
    } else if (parts < places.size()) {
      parts *= 2;
    } else {
      return;
    }
  }
}

/// The same edit at each place, from the last to the first.
template <typename Apply>
std::vector<Edit> at_each(std::size_t count, Apply apply) {
  std::vector<Edit> edits;
  for (std::size_t i = count; i-- > 0;) {
    edits.push_back([apply, i](ScenarioSpec& spec) { apply(spec, i); });
  }
  return edits;
}

}  // namespace

void order_ties(Search& search) {
  search.try_edit([](ScenarioSpec& spec) { spec.tie = TieOrder::kFifo; }, search.seeds_for(2));
}

void truncate(Search& search) {
  const ScenarioSpec& spec = search.current();
  const auto shorten = [](ScenarioSpec& shorter, std::uint64_t duration_ns) {
    shorter.duration = Nanoseconds(static_cast<std::int64_t>(duration_ns));
  };
  if (search.failed_at() && *search.failed_at() < spec.duration) {
    const Nanoseconds behind = std::max(*search.failed_at(), Nanoseconds(0)) + Nanoseconds(1);
    const Nanoseconds end = std::max(rounded_up(behind, 2), kDurationMin);
    if (end < spec.duration) {
      search.try_edit([&](ScenarioSpec& shorter) { shorter.duration = end; }, search.seeds_for(2));
    }
    return;
  }
  // What fails at the end, or when the world has come to rest, may do so earlier.
  search.lower(readable_spans(static_cast<std::uint64_t>(kDurationMin.count()),
                              static_cast<std::uint64_t>(spec.duration.count())),
               shorten);
}

void drop_expectations(Search& search) {
  search.try_edit([](ScenarioSpec& spec) { spec.expectations.clear(); });
  search.try_each(at_each(search.current().expectations.size(), [](auto& spec, std::size_t i) {
    if (i < spec.expectations.size()) {
      spec.expectations.erase(spec.expectations.begin() + static_cast<std::ptrdiff_t>(i));
    }
  }));
}

void drop_events(Search& search) {
  search.try_edit([](ScenarioSpec& spec) { spec.events.clear(); }, search.seeds_for(2));
  search.try_each(at_each(std::variant_size_v<Action>,
                          [](auto& spec, std::size_t kind) {
                            std::erase_if(spec.events, [&](const EventSpec& event) {
                              return event.action.index() == kind;
                            });
                          }),
                  search.seeds_for(std::variant_size_v<Action>));
  delta_debug_events(search);
}

void drop_versions(Search& search) {
  search.try_edit([](ScenarioSpec& spec) {
    while (!spec.versions.empty()) drop_version(spec, spec.versions.size() - 1);
  });
  search.try_each(at_each(search.current().versions.size(), drop_version));
}

void drop_traffic(Search& search) {
  search.try_edit([](ScenarioSpec& spec) { spec.traffic.clear(); });
  search.try_each(at_each(search.current().traffic.size(), [](auto& spec, std::size_t i) {
    if (i < spec.traffic.size()) {
      spec.traffic.erase(spec.traffic.begin() + static_cast<std::ptrdiff_t>(i));
    }
  }));
  for (std::size_t i = 0; i < search.current().traffic.size(); ++i) {
    search.try_each(at_each(kTrafficOperations, [i](auto& spec, std::size_t operation) {
      if (i >= spec.traffic.size()) return;
      drop_operation(spec.traffic[i], static_cast<TrafficOperation>(operation));
    }));
  }
}

void drop_collections(Search& search) {
  search.try_each(at_each(search.current().collections.size(), drop_collection));
}

void drop_nodes(Search& search) {
  const std::size_t nodes = search.current().cluster.nodes.size();
  search.lower(readable_numbers(1, nodes), [](ScenarioSpec& spec, std::uint64_t left) {
    while (spec.cluster.nodes.size() > left) drop_node(spec, spec.cluster.nodes.size() - 1);
  });
  search.try_each(at_each(search.current().cluster.nodes.size(), drop_node));
}

}  // namespace shardproof::sim::campaign
