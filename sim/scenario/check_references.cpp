// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <limits>
#include <set>

#include "core/base/humanise.hpp"
#include "core/base/wide.hpp"
#include "core/enable_sharding.hpp"
#include "sim/scenario/amounts.hpp"
#include "sim/scenario/document_space.hpp"
#include "sim/scenario/event_paths.hpp"
#include "sim/scenario/least_delay.hpp"
#include "sim/scenario/lint.hpp"
#include "sim/scenario/suggest.hpp"

namespace shardproof::sim {
namespace {

/// One pass over a scenario, with everything its checks need.
class ReferenceCheck {
 public:
  ReferenceCheck(const ScenarioSpec& spec, const SourceNode& source, Diagnostics& diagnostics)
      : spec_(spec), source_(source), diagnostics_(diagnostics), nodes_(nodes_at_most(spec)) {}

  void run() {
    check_run();
    check_collections();
    check_space();
    for (std::size_t i = 0; i < spec_.collections.size(); ++i) check_document_size(i);
    check_policy();
    check_links();
    check_timings();
    check_messages();
    check_traffic();
    for (std::size_t i = 0; i < spec_.events.size(); ++i) check_event(i);
    check_chaos();
  }

 private:
  void error(const std::string& path, std::string message, std::string suggestion = {}) {
    diagnostics_.error(locate(source_, path), std::move(message), std::move(suggestion));
  }

  void check_run() {
    if (spec_.sample_every > spec_.duration) {
      error("sample_every", "no sample would be taken: the run is shorter");
    }
  }

  void check_collections() {
    std::set<std::string> seen;
    for (std::size_t i = 0; i < spec_.collections.size(); ++i) {
      const CollectionSpec& collection = spec_.collections[i];
      const std::string path = fmt::format("collection[{}]", i);
      const std::string name = collection.database + "." + collection.name;
      check_name("database", collection.database, path + ".database");
      check_name("collection", collection.name, path + ".name");
      if (!seen.insert(name).second) error(path, fmt::format("\"{}\" is there twice", name));
      const std::set<std::string> key(collection.shard_key.begin(), collection.shard_key.end());
      if (key.size() != collection.shard_key.size()) {
        error(path + ".shard_key", "a field of the shard key is named twice");
      }
      if (collection.replication_factor > nodes_) {
        error(path + ".replication_factor",
              fmt::format("more copies than the {} nodes there will ever be", nodes_));
      }
      if (collection.write_concern > collection.replication_factor) {
        error(path + ".write_concern", "more than the replication factor");
      }
      check_shards_as_told(collection, path);
    }
  }

  void check_name(const char* what, const std::string& name, const std::string& path) {
    if (const auto valid = validate_name(what, name); !valid) error(path, valid.error().message);
  }

  void check_shards_as_told(const CollectionSpec& collection, const std::string& path) {
    const auto check_length = [&](const char* key, std::size_t length) {
      if (length == 0 || length == collection.shards) return;
      error(fmt::format("{}.{}", path, key),
            fmt::format("told of {}, and there are {}", human_number_of(length, "shard"),
                        collection.shards),
            "write one for each of \"shards\"");
    };
    check_length("copies", collection.copies.size());
    check_length("shard_bytes", collection.shard_bytes.size());
    const bool is_told = !collection.copies.empty() || !collection.shard_bytes.empty();
    if (is_told && !collection.sharded) {
      error(path + ".sharded", "shards are told of, and the collection begins unsharded");
    }
    for (std::size_t i = 0; i < collection.copies.size(); ++i) {
      const auto& nodes = collection.copies[i];
      const std::string place = fmt::format("{}.copies[{}]", path, i);
      if (nodes.size() > collection.replication_factor) {
        error(place, fmt::format("{} copies, more than the replication factor, {}", nodes.size(),
                                 collection.replication_factor));
      }
      if (std::set<std::uint32_t>(nodes.begin(), nodes.end()).size() != nodes.size()) {
        error(place, "two copies of a shard on one node");
      }
    }
  }

  /// Documents that cannot be loaded however they are placed.
  void check_space() {
    const UInt128 needed = document_bytes(spec_);
    const std::optional<UInt128> space = disk_bytes(spec_);
    if (!space || needed <= *space) return;
    error(spec_.cluster.capacity.disk.count() > 0 ? "cluster.capacity.disk"
                                                  : "cluster.node[0].capacity.disk",
          fmt::format("the documents do not fit: with all copies they are {}, all disks together "
                      "hold {}",
                      human_bytes_of(needed), human_bytes_of(*space)),
          "raise \"disk\", or lower \"count\" or \"size\" of \"documents\"");
  }

  /// Documents so large that whoever waits for one to be written takes its disk for dead.
  void check_document_size(std::size_t i) {
    const CollectionSpec& collection = spec_.collections[i];
    const Bytes size = typical_document(collection);
    if (size <= document_size_max(spec_)) return;
    const bool is_imported =
        std::none_of(source_.members.begin(), source_.members.end(),
                     [](const SourceMember& member) { return member.key == "collection"; });
    const bool is_told = !collection.shard_bytes.empty();
    const WritePatience patience = write_patience(spec_);
    error(is_imported
              ? "cluster.from.snapshot"
              : fmt::format("collection[{}].{}", i, is_told ? "shard_bytes" : "documents.size"),
          fmt::format("a document of \"{}.{}\" of {} takes {} to write, longer than \"{}\" ({})",
                      collection.database, collection.name, human_bytes(size),
                      human_duration(load_rate(spec_).time_for(size)), patience.key,
                      human_duration(patience.time)),
          fmt::format("{}, or raise the \"bandwidth\" of [disk] and \"network\" of nodes",
                      is_imported ? "lower \"scale\", or raise \"documents\" of \"from\""
                      : is_told   ? "lower \"shard_bytes\", or raise \"count\" of \"documents\""
                                  : "lower \"size\""));
  }

  static std::string human_bytes_of(UInt128 bytes) {
    constexpr UInt128 kMost = std::numeric_limits<std::uint64_t>::max();
    return human_bytes(Bytes(static_cast<std::uint64_t>(std::min(bytes, kMost))));
  }

  void check_policy() {
    const auto& windows = spec_.policy.limits.windows;
    for (std::size_t i = 0; i < windows.size(); ++i) {
      const std::string path = fmt::format("policy.limits.windows[{}]", i);
      if (is_within_run(windows[i], spec_)) continue;
      if (!windows[i].daily) {
        error(path, fmt::format("the window ends after the run ({})", to_text(spec_.duration)));
      } else {
        error(path,
              fmt::format("the window never opens: the run is from {} for {}",
                          time_of_day_text(spec_.starts_at), to_text(spec_.duration)),
              "set \"starts_at\", or write the window as times since the start (\"2m-4m\")");
      }
    }
  }

  void check_links() {
    std::vector<std::string_view> zones;
    for (const auto& [region, zone] : spec_.cluster.domains.zones) zones.push_back(zone);
    std::set<std::pair<std::string, std::string>> seen;
    for (std::size_t i = 0; i < spec_.network.links.size(); ++i) {
      const LinkSpec& link = spec_.network.links[i];
      const std::string path = fmt::format("network.link[{}]", i);
      check_zone(path + ".zone", link.zone, zones);
      check_zone(path + ".other_zone", link.other_zone, zones);
      if (link.zone == link.other_zone) error(path + ".other_zone", "a link of a zone with itself");
      if (!seen.insert(std::minmax(link.zone, link.other_zone)).second) {
        error(path, "a second link of the same zones");
      }
    }
  }

  void check_zone(const std::string& path, const std::string& zone,
                  const std::vector<std::string_view>& zones) {
    if (std::find(zones.begin(), zones.end(), zone) != zones.end()) return;
    error(path, fmt::format("unknown zone \"{}\"", zone), suggest(zone, zones));
  }

  void check_timings() {
    if (spec_.protocol.lease <= spec_.protocol.heartbeat) {
      error("protocol.lease",
            fmt::format("not longer than the heartbeat ({})", to_text(spec_.protocol.heartbeat)));
    }
    if (spec_.client.retry_backoff_max < spec_.client.retry_backoff) {
      error("client.retry_backoff_max", "less than \"retry_backoff\"");
    }
  }

  /// With such messages no cluster is ever set up.
  void check_messages() {
    const auto check_chance = [&](const char* path, Ratio chance, const char* what) {
      if (chance.numerator() < chance.denominator()) return;
      error(path, fmt::format("{}: the cluster can never be set up", what),
            "break it later: [[at]] with the same setting");
    };
    check_chance("network.loss", spec_.network.loss, "no message ever arrives");
    check_chance("network.corruption", spec_.network.corruption, "no message ever arrives whole");
    if (spec_.cluster.single) return;
    check_chance("metadata.lost_answers", spec_.metadata.lost_answers,
                 "the metadata store never answers");
    const Nanoseconds trip = least_round_trip(spec_);
    const Nanoseconds answer = least_metadata_answer(spec_);
    const auto check_span = [&](const char* path, Nanoseconds span, Nanoseconds patience,
                                const char* what) {
      if (span < patience) return;
      error(path, fmt::format("{} takes {} at least, and is waited for {}: the cluster can never "
                              "be set up",
                              what, to_text(span), to_text(patience)));
    };
    const bool is_far = trip >= spec_.protocol.metadata_timeout;
    check_span(is_far ? "network.latency" : "metadata.latency", answer,
               spec_.protocol.metadata_timeout, "an answer of the metadata store");
    if (!is_far) {
      check_span("network.latency", trip, spec_.protocol.lease, "the answer that grants a lease");
    }
  }

  void check_traffic() {
    std::set<std::string> names;
    for (std::size_t i = 0; i < spec_.traffic.size(); ++i) {
      const TrafficSpec& traffic = spec_.traffic[i];
      const std::string path = fmt::format("traffic[{}]", i);
      if (!names.insert(traffic.name).second) {
        error(path + ".name", fmt::format("two traffics are called \"{}\"", traffic.name));
      }
      if (traffic.stop > spec_.duration) {
        error(path + ".stop",
              fmt::format("after the end of the run ({})", to_text(spec_.duration)));
      }
    }
  }

  void check_event(std::size_t index) {
    const EventSpec& event = spec_.events[index];
    const std::string path = event_path(spec_, index);
    for (const auto& [selector, key] : selectors(event.action)) {
      check_selector(*selector, path + "." + key);
      if (is_of_message(*selector) && !event.message) {
        error(path + "." + key, "only a [[when]] with a \"message\" has a sender and a receiver");
      }
    }
    if (event.message) check_message(*event.message, path + ".message");
    if (const auto shard = shard_named(event.action)) {
      check_shard(*shard, fmt::format("{}.{}.shard", path, action_name(event.action)));
    }
    if (const auto* join = std::get_if<JoinAction>(&event.action)) check_join(*join, path);
    if (const auto* enable = std::get_if<EnableShardingAction>(&event.action)) {
      if (spec_.collections[enable->collection].sharded) {
        error(path, "the collection is sharded from the start",
              "set sharded = false in its [[collection]]");
      }
    }
    if (const auto* replication = std::get_if<ReplicationAction>(&event.action)) {
      check_replication(*replication, path + ".replication.replication_factor");
    }
    check_sides(event.action, path);
    if (const auto* move = std::get_if<MoveAction>(&event.action)) {
      if (move->from == move->to) {
        error(path + ".move", "moves nothing", "write another node as \"to\"");
      }
    }
    const auto* swap = std::get_if<SwapDisksAction>(&event.action);
    if (swap != nullptr && is_with_itself(*swap)) {
      error(path + ".swap_disks.with", "swaps a disk with itself", "name another node");
    }
    if (spec_.cluster.single) check_single(event.action, action_name(event.action), path);
  }

  void check_replication(const ReplicationAction& order, const std::string& path) {
    const CollectionSpec& collection = spec_.collections[order.collection];
    if (order.replication_factor > nodes_) {
      error(path, fmt::format("more copies than the {} nodes there will ever be", nodes_));
    } else if (order.replication_factor < collection.write_concern) {
      error(path, fmt::format("less than the write concern, {}", collection.write_concern));
    } else if (changes_nothing(order, spec_)) {
      error(path, "changes nothing: the collection begins with as many copies");
    }
  }

  static bool is_of_message(const NodeSelector& selector) {
    return selector.kind == NodeSelector::Kind::kSender ||
           selector.kind == NodeSelector::Kind::kReceiver;
  }

  void check_message(const MessageTrigger& message, const std::string& path) {
    using Kind = NodeSelector::Kind;
    for (const auto& [selector, key] :
         {std::pair(&message.from, "from"), std::pair(&message.to, "to")}) {
      const std::string place = path + "." + key;
      check_selector(*selector, place);
      if (selector->is_by_chance())
        error(place, "not by chance: the nodes are looked up for each message");
      if (is_of_message(*selector) || selector->kind == Kind::kOthers) {
        error(place, "says nothing of a message", "name nodes, or leave it out for anyone");
      }
    }
    if (message.shard) check_shard({*message.collection, *message.shard}, path + ".shard");
  }

  void check_sides(const Action& action, const std::string& path) {
    if (const auto* partition = std::get_if<PartitionAction>(&action)) {
      if (partition->from == partition->to) error(path, "both sides of the partition are the same");
      return;
    }
    const auto named = selectors(action);
    if (named.size() != 2 || *named[0].first != NodeSelector::others()) return;
    if (named[0].first != named[1].first && *named[0].first == *named[1].first) {
      error(path, "others than whom?", "name nodes as \"from\" or \"to\"");
    }
  }

  void check_chaos() {
    const ChaosSpec& chaos = spec_.chaos;
    const Nanoseconds end = chaos.until.value_or(spec_.duration);
    if (end > spec_.duration) {
      error("chaos.until", fmt::format("after the end of the run ({})", to_text(spec_.duration)));
    } else if (chaos.from >= end) {
      error("chaos.from", fmt::format("begins after its end ({})", to_text(end)));
    }
    for (std::size_t i = 0; i < kChaosFamilies; ++i) {
      if (!chaos.faults[i]) continue;
      const std::string path = fmt::format("chaos.{}", to_string(static_cast<ChaosFamily>(i)));
      const Rate& rate = chaos.faults[i]->rate;
      if (static_cast<Int128>(rate.count) * milliseconds(1).count() > rate.per.count()) {
        error(path + ".rate", "more than 1000/s");
      }
      if (spec_.cluster.single) {
        check_single(chaos.faults[i]->action, to_string(static_cast<ChaosFamily>(i)), path);
      }
    }
  }

  void check_selector(const NodeSelector& selector, const std::string& path) {
    using Kind = NodeSelector::Kind;
    for (const NodeId node : selector.nodes) {
      if (node.value() < nodes_) continue;
      error(path, fmt::format("there is no node {}", node.value()),
            fmt::format("nodes are numbered from 0 to {}", nodes_ - 1));
    }
    if (selector.kind == Kind::kLeader || selector.kind == Kind::kReplicas) {
      check_shard({selector.collection, selector.number}, path);
    }
    if (selector.kind == Kind::kRandom && selector.number > nodes_) {
      error(path, fmt::format("more than the {} nodes there are", nodes_));
    }
    if (selector.kind == Kind::kNewest && nodes_ == spec_.cluster.nodes.size()) {
      error(path, "no node ever joins");
    }
    if (spec_.cluster.single &&
        (selector.kind == Kind::kCoordinator || is_of_migration(selector))) {
      error(path, "a single-node cluster has neither coordinator nor migrations");
    }
  }

  void check_shard(ShardChoice choice, const std::string& path) {
    const std::uint32_t shards = spec_.collections[choice.collection].shards;
    if (choice.shard < shards) return;
    error(path, fmt::format("the collection has no shard {}", choice.shard),
          fmt::format("shards are numbered from 0 to {}", shards - 1));
  }

  static bool is_of_migration(const NodeSelector& selector) {
    return selector.kind == NodeSelector::Kind::kMigrationSource ||
           selector.kind == NodeSelector::Kind::kMigrationTarget;
  }

  void check_join(const JoinAction& join, const std::string& path) {
    std::vector<std::string_view> zones, regions;
    for (const auto& [region, zone] : spec_.cluster.domains.zones) {
      regions.push_back(region);
      zones.push_back(zone);
    }
    if (!join.zone.empty()) check_zone(path + ".join.zone", join.zone, zones);
    if (!join.region.empty() &&
        std::find(regions.begin(), regions.end(), join.region) == regions.end()) {
      error(path + ".join.region", fmt::format("unknown region \"{}\"", join.region),
            suggest(join.region, regions));
    }
    const std::vector<std::string_view> racks(spec_.cluster.domains.racks.begin(),
                                              spec_.cluster.domains.racks.end());
    if (!join.rack.empty() && std::find(racks.begin(), racks.end(), join.rack) == racks.end()) {
      error(path + ".join.rack", fmt::format("unknown rack \"{}\"", join.rack),
            suggest(join.rack, racks));
    }
  }

  /// `called`: by what name the scenario has the action.
  void check_single(const Action& action, std::string_view called, const std::string& path) {
    const std::string_view name = action_name(action);
    for (const std::string_view needs_cluster :
         {"join",    "drain",     "maintenance", "remove",         "rebalance",
          "move",    "abort",     "balancing",   "replication",    "limits",
          "policy",  "status",    "partition",   "lose_disk",      "swap_disks",
          "corrupt", "misdirect", "metadata",    "expire_session", "rolling_restart"}) {
      if (name != needs_cluster) continue;
      error(path, fmt::format("a single-node cluster knows no \"{}\"", called));
    }
  }

  const ScenarioSpec& spec_;
  const SourceNode& source_;
  Diagnostics& diagnostics_;
  std::uint64_t nodes_;
};

}  // namespace

bool is_within_run(const distribution::MoveWindow& window, const ScenarioSpec& spec) {
  if (!window.daily) return window.end <= spec.duration;
  Nanoseconds wait = window.start - spec.starts_at;
  if (wait.count() < 0) wait += hours(24);
  return window.contains(Instant(), spec.starts_at) || wait < spec.duration;
}

void check_references(const ScenarioSpec& spec, const SourceNode& source,
                      Diagnostics& diagnostics) {
  ReferenceCheck(spec, source, diagnostics).run();
}

}  // namespace shardproof::sim
