// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "sim/campaign/cuts.hpp"
#include "sim/campaign/ladder.hpp"
#include "sim/campaign/passes.hpp"
#include "sim/campaign/settings.hpp"
#include "sim/campaign/simpler_conditions.hpp"

namespace shardproof::sim::campaign {
namespace {

std::uint64_t count_ns(Nanoseconds span) { return static_cast<std::uint64_t>(span.count()); }
Nanoseconds span_of(std::uint64_t ns) { return Nanoseconds(static_cast<std::int64_t>(ns)); }

void reset_each_setting(Search& search) {
  std::vector<Edit> edits;
  for (std::size_t i = 0; i < setting_count(); ++i) {
    edits.push_back([i](ScenarioSpec& spec) { reset_setting(spec, i); });
  }
  search.try_each(edits);
}

/// One by one, so that those are left that matter.
void forget_options(Search& search) {
  std::vector<Edit> edits;
  for (const auto& [policy, values] : search.current().policy.options) {
    for (const auto& [name, value] : values) {
      edits.push_back([policy = policy, name = name](ScenarioSpec& spec) {
        const auto found = spec.policy.options.find(policy);
        if (found == spec.policy.options.end()) return;
        found->second.erase(name);
        if (found->second.empty()) spec.policy.options.erase(found);
      });
    }
  }
  search.try_each(edits);
}

void reset_actions(Search& search) {
  constexpr std::size_t kSettingsMax = 8;  ///< of any action
  std::vector<Edit> edits;
  for (std::size_t event = 0; event < search.current().events.size(); ++event) {
    for (std::size_t i = 0; i < kSettingsMax; ++i) {
      edits.push_back([=](ScenarioSpec& spec) { reset_action_setting(spec, event, i); });
    }
  }
  search.try_each(edits);
}

/// Sets a member of the part at `index`, if there still is one.
template <typename Part, typename Set>
auto setter(std::vector<Part> ScenarioSpec::*list, std::size_t index, Set set) {
  return [=](ScenarioSpec& spec, std::uint64_t value) {
    if (index < (spec.*list).size()) set((spec.*list)[index], value);
  };
}

void lower_collection(Search& search, std::size_t i) {
  const auto lower = [&](std::uint64_t low, std::uint64_t value, auto set) {
    search.lower(readable_numbers(low, value), setter(&ScenarioSpec::collections, i, set));
  };
  const auto current = [&]() -> const CollectionSpec& { return search.current().collections[i]; };
  search.try_edit([&](ScenarioSpec& spec) { spec.collections[i].copies.clear(); });
  search.try_edit([&](ScenarioSpec& spec) { spec.collections[i].shard_bytes.clear(); });
  lower(1, current().shards, [](CollectionSpec& collection, std::uint64_t shards) {
    collection.shards = static_cast<std::uint32_t>(shards);
  });
  lower(1, current().replication_factor, [](CollectionSpec& collection, std::uint64_t copies) {
    collection.replication_factor = static_cast<std::uint32_t>(copies);
  });
  lower(0, current().write_concern, [](CollectionSpec& collection, std::uint64_t copies) {
    collection.write_concern = static_cast<std::uint32_t>(copies);
  });
  lower(0, current().documents, [](CollectionSpec& collection, std::uint64_t documents) {
    collection.documents = documents;
  });
  const SizeDistribution usual = CollectionSpec{}.document_size;
  search.try_edit([&](ScenarioSpec& spec) { spec.collections[i].document_size = usual; });
  if (current().document_size == usual) return;
  lower(1, mean(current().document_size).count(),
        [](CollectionSpec& collection, std::uint64_t size) {
          collection.document_size = SizeDistribution::constant(Bytes(size));
        });
}

/// Requests in a second, rounded up.
std::uint64_t per_second(Rate rate) {
  const UInt128 scaled = static_cast<UInt128>(rate.count) * 1'000'000'000u;
  const UInt128 span = count_ns(rate.per);
  return static_cast<std::uint64_t>((scaled + span - 1) / span);
}

void lower_traffic(Search& search, std::size_t i) {
  const auto lower = [&](std::uint64_t low, std::uint64_t value, auto set) {
    search.lower(readable_numbers(low, value), setter(&ScenarioSpec::traffic, i, set));
  };
  const auto current = [&]() -> const TrafficSpec& { return search.current().traffic[i]; };
  lower(1, current().clients, [](TrafficSpec& traffic, std::uint64_t clients) {
    traffic.clients = static_cast<std::uint32_t>(clients);
  });
  if (current().trace || current().rate.kind != RateShape::Kind::kConstant) return;
  lower(1, per_second(current().rate.low), [](TrafficSpec& traffic, std::uint64_t requests) {
    traffic.rate.low = Rate::of(requests, seconds(1));
  });
}

/// The number of nodes or copies that an action names itself, or null.
std::uint32_t* node_count(Action& action) {
  if (auto* join = std::get_if<JoinAction>(&action)) return &join->nodes;
  if (auto* order = std::get_if<ReplicationAction>(&action)) return &order->replication_factor;
  return nullptr;
}

void lower_event(Search& search, std::size_t i) {
  const auto lower = [&](const std::vector<std::uint64_t>& values, auto set) {
    search.lower(values, setter(&ScenarioSpec::events, i, set));
  };
  // A copy: while one number is lowered, others may go with what names them.
  EventSpec event = search.current().events[i];
  lower(readable_numbers(1, event.times),
        [](EventSpec& one, std::uint64_t times) { one.times = static_cast<std::uint32_t>(times); });
  lower(readable_spans(0, count_ns(event.armed_after)),
        [](EventSpec& one, std::uint64_t ns) { one.armed_after = span_of(ns); });
  if (event.message) {
    lower(readable_numbers(1, event.message->count), [](EventSpec& one, std::uint64_t count) {
      if (one.message) one.message->count = static_cast<std::uint32_t>(count);
    });
  }
  constexpr std::uint64_t kShortest = 1'000'000;
  if (event.lasts) {
    lower(readable_spans(kShortest, count_ns(*event.lasts)), [](EventSpec& one, std::uint64_t ns) {
      if (one.lasts) one.lasts = span_of(ns);
    });
  }
  if (const std::uint32_t* nodes = node_count(event.action)) {
    lower(readable_numbers(1, *nodes), [](EventSpec& one, std::uint64_t count) {
      if (auto* left = node_count(one.action)) *left = static_cast<std::uint32_t>(count);
    });
  }
}

/// The `[[at]]` events by time, those of one time in their order.
std::vector<std::size_t> by_time(const ScenarioSpec& spec) {
  std::vector<std::size_t> order;
  for (std::size_t i = 0; i < spec.events.size(); ++i) {
    if (spec.events[i].time) order.push_back(i);
  }
  std::stable_sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) {
    return *spec.events[a].time < *spec.events[b].time;
  });
  return order;
}

Nanoseconds time_before(const ScenarioSpec& spec, const std::vector<std::size_t>& order,
                        std::size_t place) {
  return place == 0 ? Nanoseconds(0) : *spec.events[order[place - 1]].time;
}

/// Moves the event at that place in the order of time, and all behind it, so that it comes `gap_ns`
/// behind the one before.
void set_gap(ScenarioSpec& spec, std::size_t place, std::uint64_t gap_ns) {
  const std::vector<std::size_t> order = by_time(spec);
  if (place >= order.size()) return;
  const Nanoseconds earlier =
      *spec.events[order[place]].time - time_before(spec, order, place) - span_of(gap_ns);
  for (std::size_t i = place; i < order.size(); ++i) {
    Nanoseconds& time = *spec.events[order[i]].time;
    time = time - earlier;
  }
}

}  // namespace

void reset_settings(Search& search) {
  search.try_edit([](ScenarioSpec& spec) {
    const ScenarioSpec plain;
    spec.network = plain.network;
    spec.disk = plain.disk;
    spec.clock = plain.clock;
    spec.metadata = plain.metadata;
    spec.protocol = plain.protocol;
    spec.migration = plain.migration;
    spec.client = plain.client;
    spec.checks = plain.checks;
  });
  search.try_each({
      make_nodes_alike,
      forget_regions_and_racks,
      [](ScenarioSpec& spec) { spec.network = NetworkSpec{}; },
      [](ScenarioSpec& spec) { spec.disk = DiskSpec{}; },
      [](ScenarioSpec& spec) { spec.protocol = ProtocolSpec{}; },
      [](ScenarioSpec& spec) { spec.migration = MigrationSpec{}; },
      [](ScenarioSpec& spec) { spec.client = ClientSpec{}; },
      [](ScenarioSpec& spec) { spec.policy = PolicySpec{}; },
  });
  reset_each_setting(search);
  forget_options(search);
  reset_actions(search);
}

void simplify_versions(Search& search) {
  for (std::size_t i = 0; i < search.current().versions.size(); ++i) {
    const auto edit = [i](auto change) -> Edit {
      return [i, change](ScenarioSpec& spec) {
        if (i < spec.versions.size()) change(spec.versions[i], spec.first_version());
      };
    };
    std::vector<Edit> edits{
        edit([](VersionSpec& one, const VersionSpec& first) { one.policy = first.policy; }),
        edit([](VersionSpec& one, const VersionSpec& first) { one.protocol = first.protocol; }),
        edit([](VersionSpec& one, const VersionSpec& first) { one.migration = first.migration; }),
    };
    for (std::size_t setting = 0; setting < version_setting_count(); ++setting) {
      edits.push_back([=](ScenarioSpec& spec) { reset_version_setting(spec, i, setting); });
    }
    search.try_each(edits);
  }
}

void simplify_traffic(Search& search) {
  for (std::size_t i = 0; i < search.current().traffic.size(); ++i) {
    const auto edit = [i](auto change) -> Edit {
      return [i, change](ScenarioSpec& spec) {
        if (i < spec.traffic.size()) change(spec.traffic[i], default_traffic(i, spec.duration));
      };
    };
    const auto constant = [](Rate rate) {
      return RateShape{RateShape::Kind::kConstant, rate, {}, {}, {}};
    };
    search.try_each({
        edit([](TrafficSpec& traffic, const TrafficSpec& plain) { traffic.name = plain.name; }),
        edit([](TrafficSpec& traffic, const TrafficSpec& plain) { traffic.start = plain.start; }),
        edit([](TrafficSpec& traffic, const TrafficSpec& plain) { traffic.stop = plain.stop; }),
        edit([](TrafficSpec& traffic, const TrafficSpec& plain) {
          traffic.read_from = plain.read_from;
        }),
        edit([](TrafficSpec& traffic, const TrafficSpec& plain) {
          if (!traffic.trace) traffic.arrivals = plain.arrivals;
        }),
        edit([](TrafficSpec& traffic, const TrafficSpec& plain) {
          traffic.transaction_size = plain.transaction_size;
        }),
        edit([](TrafficSpec& traffic, const TrafficSpec& plain) { traffic.keys = plain.keys; }),
        edit([](TrafficSpec& traffic, const TrafficSpec&) { traffic.keys.moves_every = {}; }),
        edit([&](TrafficSpec& traffic, const TrafficSpec&) {
          if (!traffic.trace) traffic.rate = constant(traffic.rate.low);
        }),
        edit([&](TrafficSpec& traffic, const TrafficSpec&) {
          const bool varies = traffic.rate.kind != RateShape::Kind::kConstant;
          if (varies) traffic.rate = constant(traffic.rate.high);
        }),
    });
  }
}

/// A message needs no condition, and may be any of its type.
void simplify_message(Search& search, std::size_t i) {
  if (i >= search.current().events.size() || !search.current().events[i].message) return;
  const auto edit = [i](auto change) -> Edit {
    return [i, change](ScenarioSpec& spec) {
      if (i < spec.events.size() && spec.events[i].message) change(spec.events[i]);
    };
  };
  search.try_each({
      edit([](EventSpec& event) { event.condition = Condition{}; }),
      edit([](EventSpec& event) { event.message->from = NodeSelector::anyone(); }),
      edit([](EventSpec& event) { event.message->to = NodeSelector::anyone(); }),
      edit([](EventSpec& event) {
        event.message->collection.reset();
        event.message->shard.reset();
      }),
  });
}

void simplify_conditions(Search& search) {
  for (std::size_t i = 0; i < search.current().events.size(); ++i) simplify_message(search, i);
  for (std::size_t i = 0; i < search.current().events.size(); ++i) {
    bool is_simpler = true;
    while (is_simpler && i < search.current().events.size() &&
           search.current().events[i].condition) {
      std::vector<ScenarioSpec> candidates;
      for (Condition& condition : simpler_conditions(*search.current().events[i].condition)) {
        candidates.emplace_back(search.current()).events[i].condition = std::move(condition);
      }
      is_simpler = search.try_first(std::move(candidates)).has_value();
    }
  }
}

void lower_numbers(Search& search) {
  for (std::size_t i = 0; i < search.current().collections.size(); ++i) lower_collection(search, i);
  for (std::size_t i = 0; i < search.current().traffic.size(); ++i) lower_traffic(search, i);
  for (std::size_t i = 0; i < search.current().events.size(); ++i) lower_event(search, i);
}

void close_gaps(Search& search) {
  for (std::size_t place = 0; place < by_time(search.current()).size(); ++place) {
    const std::vector<std::size_t> order = by_time(search.current());
    const Nanoseconds gap =
        *search.current().events[order[place]].time - time_before(search.current(), order, place);
    search.lower(readable_spans(0, count_ns(gap)),
                 [=](ScenarioSpec& spec, std::uint64_t ns) { set_gap(spec, place, ns); });
  }
}

void round_times(Search& search) {
  constexpr int kDigitsMax = 3;
  for (std::size_t i = 0; i < search.current().events.size(); ++i) {
    if (!search.current().events[i].time) continue;
    const Nanoseconds time = *search.current().events[i].time;
    std::vector<ScenarioSpec> candidates;
    for (int digits = 1; digits <= kDigitsMax; ++digits) {
      if (rounded_down(time, digits) == time) break;
      for (const Nanoseconds rounded : {rounded_down(time, digits), rounded_up(time, digits)}) {
        candidates.emplace_back(search.current()).events[i].time = rounded;
      }
    }
    search.try_first(std::move(candidates));
  }
}

}  // namespace shardproof::sim::campaign
