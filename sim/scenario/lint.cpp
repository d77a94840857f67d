// SPDX-License-Identifier: Apache-2.0
#include "sim/scenario/lint.hpp"

#include <algorithm>
#include <set>

#include "core/base/wide.hpp"
#include "sim/scenario/amounts.hpp"
#include "sim/scenario/codecs.hpp"
#include "sim/scenario/document_space.hpp"
#include "sim/scenario/event_paths.hpp"
#include "sim/scenario/versions.hpp"

namespace shardproof::sim {
namespace {

constexpr std::uint64_t kRequestsMin = 100;
/// A run of so many takes hours.
constexpr std::uint64_t kRequestsMax = 1'000'000'000;
constexpr std::int64_t kLeasesMin = 3;

/// One pass over a scenario that is free of errors.
class Linter {
 public:
  Linter(const ScenarioSpec& spec, const SourceNode& source, Diagnostics& diagnostics)
      : spec_(spec), source_(source), diagnostics_(diagnostics) {}

  void run() {
    lint_traffic();
    lint_space();
    lint_disks();
    lint_copies();
    lint_options();
    lint_versions();
    lint_events();
    lint_chaos();
    lint_times();
  }

 private:
  void warn(const std::string& path, std::string message, std::string suggestion = {}) {
    diagnostics_.warning(locate(source_, path), std::move(message), std::move(suggestion));
  }

  /// Requests of one traffic at its highest rate, in the given time.
  static std::uint64_t requests(const TrafficSpec& traffic, Nanoseconds span) {
    const Rate peak = std::max(traffic.rate.low, traffic.rate.high, [](Rate a, Rate b) {
      return static_cast<Int128>(a.count) * b.per.count() <
             static_cast<Int128>(b.count) * a.per.count();
    });
    const auto total = static_cast<UInt128>(peak.count) * static_cast<std::uint64_t>(span.count()) /
                       static_cast<std::uint64_t>(peak.per.count());
    constexpr UInt128 kMost = std::uint64_t{1} << 62;
    return static_cast<std::uint64_t>(std::min(total, kMost));
  }

  void lint_traffic() {
    if (spec_.traffic.empty()) {
      warn("", "no [[traffic]]: nothing is asked of the cluster");
      return;
    }
    for (std::size_t i = 0; i < spec_.traffic.size(); ++i) {
      const TrafficSpec& traffic = spec_.traffic[i];
      const std::string path = fmt::format("traffic[{}]", i);
      const bool some_documents = spec_.collections[traffic.collection].documents > 0;
      if (!traffic.trace && requests(traffic, traffic.stop - traffic.start) < kRequestsMin) {
        warn(path + ".rate", fmt::format("fewer than {} requests in the whole run", kRequestsMin));
      } else if (!traffic.trace && requests(traffic, traffic.stop - traffic.start) > kRequestsMax) {
        warn(path + ".rate", "more than a billion requests in the whole run, which takes hours",
             "lower the rate, or shorten the run");
      }
      if (!traffic.trace && !some_documents && !inserts(traffic)) {
        warn(path + ".mix", "the collection is empty and nothing is ever inserted",
             "give it documents = { count = 1000 }, or the mix some insert");
      }
    }
  }

  static bool inserts(const TrafficSpec& traffic) {
    return !traffic.mix[static_cast<std::size_t>(TrafficOperation::kInsert)].is_zero();
  }

  static Bytes data(const CollectionSpec& collection) {
    constexpr UInt128 kMost = std::uint64_t{1} << 62;
    const UInt128 bytes =
        content_bytes(collection, mean(collection.document_size)) * collection.replication_factor;
    return Bytes(static_cast<std::uint64_t>(std::min(bytes, kMost)));
  }

  void lint_space() {
    UInt128 used = 0;
    UInt128 space = 0;
    for (const CollectionSpec& collection : spec_.collections) used += data(collection).count();
    for (const NodeSpec& node : spec_.cluster.nodes) {
      if (node.capacity.disk.count() == 0) return;
      space += node.capacity.disk.count();
    }
    if (used * 100 > space * 95) {
      warn("cluster", "the documents fill more than 95 % of all disks from the start");
    } else if (used * 100 < space * 5) {
      warn("cluster", "the documents fill less than 5 % of all disks: space decides nothing",
           "lower the capacity, or raise the number of documents");
    }
  }

  /// What is written in a second at the highest rates against what the disks can write.
  void lint_disks() {
    if (spec_.disk.bandwidth.is_unlimited()) return;
    UInt128 written = 0;
    for (const TrafficSpec& traffic : spec_.traffic) {
      if (traffic.trace) continue;
      const CollectionSpec& collection = spec_.collections[traffic.collection];
      const UInt128 bytes = static_cast<UInt128>(requests(traffic, seconds(1))) *
                            mean(collection.document_size).count() * collection.replication_factor;
      for (const TrafficOperation operation :
           {TrafficOperation::kReplace, TrafficOperation::kInsert,
            TrafficOperation::kCompareAndSwap}) {
        const Ratio share = traffic.mix[static_cast<std::size_t>(operation)];
        written += bytes / share.denominator() * share.numerator();
      }
    }
    const UInt128 writable =
        static_cast<UInt128>(spec_.disk.bandwidth.bytes_per_second()) * spec_.cluster.nodes.size();
    if (written * 100 > writable * 95) {
      warn("disk", "the traffic writes more than 95 % of what all disks together can write");
    }
  }

  void lint_copies() {
    std::set<std::string> zones;
    for (const NodeSpec& node : spec_.cluster.nodes) zones.insert(node.zone);
    for (std::size_t i = 0; i < spec_.collections.size(); ++i) {
      const CollectionSpec& collection = spec_.collections[i];
      const std::string path = fmt::format("collection[{}]", i);
      if (collection.replication_factor > spec_.cluster.nodes.size()) {
        warn(path + ".replication_factor",
             fmt::format("more copies than the {} nodes at the start", spec_.cluster.nodes.size()));
      } else if (zones.size() > 1 && collection.replication_factor > zones.size()) {
        warn(path + ".replication_factor",
             fmt::format("more copies than the {} zones: some zone holds two", zones.size()));
      }
      if (collection.documents > 0 && collection.documents < collection.shards) {
        warn(path + ".documents", "fewer documents than shards: no balancer can tell them apart");
      }
    }
  }

  /// Whether a version, or a comparison, goes by the policy.
  bool is_used(const std::string& policy) const {
    const auto& compared = spec_.policy.compare;
    const auto versions = spec_.all_versions();
    return std::find(compared.begin(), compared.end(), policy) != compared.end() ||
           std::any_of(versions.begin(), versions.end(), [&](const VersionSpec& version) {
             return version.policy.placement == policy || version.policy.rebalance == policy;
           });
  }

  void lint_options() {
    for (const auto& [policy, values] : spec_.policy.options) {
      if (is_used(policy)) continue;
      warn(fmt::format("policy.options.{}", policy),
           fmt::format("nothing goes by \"{}\", of which something is set", policy),
           "name it as placement or rebalance, or in compare");
    }
  }

  void lint_versions() {
    const VersionSpec first = spec_.first_version();
    for (std::size_t i = 0; i < spec_.versions.size(); ++i) {
      VersionSpec unnamed = spec_.versions[i];
      unnamed.name = first.name;
      const std::string path = fmt::format("version[{}]", i);
      const std::string& name = spec_.versions[i].name;
      if (unnamed == first) {
        warn(path, fmt::format("version \"{}\" does nothing otherwise than the first one", name));
      } else if (!is_ever_run(spec_, name)) {
        warn(path + ".name", fmt::format("no node ever runs version \"{}\"", name),
             fmt::format("add version = {} to a rolling_restart, restart or join",
                         toml_quoted(name)));
      }
    }
  }

  /// What no version ever moves, and no policy that an operator orders.
  bool moves_nothing() const {
    const auto& others = spec_.versions;
    const bool is_other_ordered =
        std::any_of(spec_.events.begin(), spec_.events.end(), [](const EventSpec& event) {
          const auto* order = std::get_if<PolicyAction>(&event.action);
          return order != nullptr && order->rebalance != "none";
        });
    return !is_other_ordered && spec_.policy.rebalance == "none" &&
           std::all_of(others.begin(), others.end(), [](const VersionSpec& version) {
             return version.policy.rebalance == "none";
           });
  }

  void lint_events() {
    for (std::size_t i = 0; i < spec_.events.size(); ++i) {
      const EventSpec& event = spec_.events[i];
      const std::string path = event_path(spec_, i);
      const std::string_view name = action_name(event.action);
      if (event.time && event.lasts && *event.time + *event.lasts > spec_.duration) {
        warn(path, fmt::format("\"{}\" outlives the run, which ends at {}", name,
                               to_text(spec_.duration)));
      }
      const bool should_end = name == "partition" || name == "gray" || name == "clog" ||
                              name == "drop" || name == "delay" || name == "slow" ||
                              name == "metadata" || name == "network" || name == "disk_full" ||
                              name == "disk_errors" || name == "stall";
      if (should_end && !event.lasts) {
        warn(path, fmt::format("\"{}\" outlives the run: it has no end", name),
             "add lasts = \"10s\"");
      }
      if (name == "rebalance" && moves_nothing()) {
        warn(path, "the policy \"none\" never moves anything");
      }
      if (name == "drain" && moves_nothing()) {
        warn(path, "the policy \"none\" empties no node: the drain never ends");
      }
    }
  }

  /// Of the duration, what lies within the time of random faults.
  Nanoseconds chaos_span() const {
    return std::min(spec_.chaos.until.value_or(spec_.duration), spec_.duration) - spec_.chaos.from;
  }

  void lint_chaos() {
    for (std::size_t i = 0; i < kChaosFamilies; ++i) {
      if (!spec_.chaos.faults[i]) continue;
      const ChaosFault& fault = *spec_.chaos.faults[i];
      const std::string path = fmt::format("chaos.{}", to_string(static_cast<ChaosFamily>(i)));
      const auto expected = static_cast<UInt128>(fault.rate.count) *
                            static_cast<std::uint64_t>(chaos_span().count()) /
                            static_cast<std::uint64_t>(fault.rate.per.count());
      if (expected == 0) {
        warn(path,
             fmt::format("fewer than one is to be expected within the {} of \"chaos\"",
                         to_text(chaos_span())),
             "raise \"rate\"");
      }
      if (mean(fault.duration) > spec_.duration) {
        warn(path, fmt::format("lasts longer than the run ({})", to_text(spec_.duration)),
             "lower \"duration\"");
      }
    }
    lint_budget();
  }

  /// A budget that forbids what the table asks for.
  void lint_budget() {
    if (spec_.chaos.empty() || spec_.chaos.budget == ChaosBudget::kUnlimited) return;
    for (const CollectionSpec& collection : spec_.collections) {
      const bool needs_all = collection.replication_factor == 1 || collection.write_concern == 1;
      if (!needs_all) continue;
      const char* const key =
          collection.replication_factor == 1 ? "replication_factor" : "write_concern";
      warn("chaos.budget",
           fmt::format("with {} 1 of \"{}.{}\", the budget lets no node be stopped or cut off "
                       "that holds a shard of it",
                       key, collection.database, collection.name),
           "raise it, or write budget = \"unlimited\"");
    }
  }

  /// Leases are safe only as long as no clock gains more than is waited for.
  void lint_clocks() {
    const Ratio drift(static_cast<std::uint64_t>(spec_.clock.drift_ppb) * 2, 1'000'000'000);
    for (const VersionSpec& version : spec_.all_versions()) {
      const ProtocolSpec& protocol = version.protocol;
      const Nanoseconds gain = drift.of(protocol.lease) + wobble_gain(spec_.clock.wobble);
      if (gain <= protocol.clock_error) continue;
      const bool is_first = version.name == kFirstVersion;
      warn("clock", fmt::format("clocks may gain {} on each other within a lease{}, more than "
                                "\"clock_error\" ({}): safety is not to be expected",
                                to_text(gain),
                                is_first ? "" : fmt::format(" of version \"{}\"", version.name),
                                to_text(protocol.clock_error)));
    }
  }

  /// Answers that are mostly late: nobody serves for long, if the cluster is ever set up.
  void lint_round_trips() {
    const Ratio loss = spec_.network.loss;
    if (static_cast<UInt128>(loss.numerator()) * 4 > loss.denominator()) {
      warn("network.loss",
           "more than a quarter of all messages are lost: the cluster may never be set up",
           "lower it, or lose them later: [[at]] network = { loss = ... }");
    }
    if (spec_.network.latency.measured) return;
    const Nanoseconds trip = mean(spec_.network.latency.distribution) * 2;
    const std::pair<const char*, Nanoseconds> waits[] = {
        {"metadata_timeout", spec_.protocol.metadata_timeout},
        {"replica_timeout", spec_.protocol.replica_timeout},
        {"lease", spec_.protocol.lease},
    };
    for (const auto& [name, patience] : waits) {
      if (trip * 2 <= patience) continue;
      return warn(
          "network.latency",
          fmt::format("there and back take {} on average, more than half of \"{}\" ({}): the "
                      "cluster may never be set up",
                      to_text(trip), name, to_text(patience)),
          fmt::format("lower it, or raise \"{}\" of [protocol]", name));
    }
  }

  void lint_times() {
    if (spec_.cluster.single) return;
    lint_clocks();
    lint_round_trips();
    if (spec_.duration < spec_.protocol.lease * kLeasesMin) {
      warn("duration", fmt::format("shorter than {} leases: no failover can be seen", kLeasesMin));
    }
    Nanoseconds last;
    std::string path;
    for (std::size_t i = 0; i < spec_.events.size(); ++i) {
      if (!spec_.events[i].time) continue;
      const Nanoseconds end =
          *spec_.events[i].time + spec_.events[i].lasts.value_or(Nanoseconds(0));
      if (end <= last || end > spec_.duration) continue;
      last = end;
      path = event_path(spec_, i);
    }
    if (!path.empty() && spec_.duration - last < spec_.checks.settle) {
      warn(path,
           fmt::format("ends less than {} before the run: what follows from it is checked, but may "
                       "come too late for metrics and expectations",
                       to_text(spec_.checks.settle)),
           "raise \"duration\"");
    }
  }

  const ScenarioSpec& spec_;
  const SourceNode& source_;
  Diagnostics& diagnostics_;
};

}  // namespace

void lint(const ScenarioSpec& spec, const SourceNode& source, Diagnostics& diagnostics) {
  Linter(spec, source, diagnostics).run();
}

}  // namespace shardproof::sim
