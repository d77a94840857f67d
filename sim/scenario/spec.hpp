// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/base/ids.hpp"
#include "core/base/units.hpp"
#include "core/distribution/policy_option.hpp"
#include "core/distribution/schedule.hpp"
#include "core/fault_points.hpp"
#include "core/shard_table.hpp"
#include "sim/distribution.hpp"
#include "sim/kernel/tie_policy.hpp"
#include "sim/network_latency.hpp"
#include "sim/observe/metric_catalogue.hpp"
#include "sim/scenario/actions.hpp"
#include "sim/scenario/chaos_spec.hpp"
#include "sim/scenario/traffic_spec.hpp"

namespace shardproof::sim {

/// A node that is there from the start; its id is its place in `ClusterSpec::nodes`.
struct NodeSpec {
  std::string name;    ///< "n0", ... if not written; unique
  std::string region;  ///< never empty; "region" if there is only one
  std::string zone;    ///< never empty, unique over regions; "zone" if there is only one
  std::string rack;    ///< never empty, unique within its zone; "rack" if there is only one
  NodeCapacity capacity;
  std::optional<Nanoseconds> clock_offset;      ///< instead of a drawn one
  std::optional<std::int64_t> clock_drift_ppb;  ///< instead of a drawn one

  friend bool operator==(const NodeSpec&, const NodeSpec&) = default;
};

/// Failure domains in which new nodes are placed in turn: node i of the joined ones goes on where
/// the nodes of the start ended. Zone index i % zones, then rack (i / zones) % racks.
struct DomainTurn {
  std::vector<std::pair<std::string, std::string>> zones;  ///< (region, zone), regions not mixed
  std::vector<std::string> racks;                          ///< of each zone

  friend bool operator==(const DomainTurn&, const DomainTurn&) = default;
};

struct ClusterSpec {
  std::vector<NodeSpec> nodes;  ///< at least one
  DomainTurn domains;           ///< for nodes that join without naming theirs
  NodeCapacity capacity;        ///< of nodes that join without one
  /// One node that owns everything, without cluster manager, metadata store or coordinator.
  bool single = false;

  friend bool operator==(const ClusterSpec&, const ClusterSpec&) = default;
};

struct CollectionSpec {
  std::string database;
  std::string name;
  /// False: it starts as an unsharded collection on node 0, for `enable_sharding`.
  bool sharded = true;
  std::uint32_t shards = 16;
  std::uint32_t replication_factor = 1;
  std::vector<std::string> shard_key = {"_key"};  ///< never empty; distinct top-level fields
  /// Durable copies before a write is acknowledged; 0: every in-sync replica.
  std::uint32_t write_concern = 0;
  std::uint64_t documents = 0;  ///< there at the start
  SizeDistribution document_size = SizeDistribution::constant(Bytes(256));
  /// Where its copies begin: by shard the numbers of nodes, the leader's first, at most as many as
  /// `replication_factor`; empty: where the placement policy says.
  std::vector<std::vector<std::uint32_t>> copies;
  /// What the documents of each shard come to at the start, in equal parts; empty: what
  /// `document_size` makes of it.
  std::vector<Bytes> shard_bytes;

  friend bool operator==(const CollectionSpec&, const CollectionSpec&) = default;
};

struct PolicySpec {
  std::string placement = "rendezvous";  ///< one of `Vocabulary::placements`
  std::string rebalance = "greedy";      ///< one of `Vocabulary::rebalances`
  std::vector<std::string> compare;      ///< others that `compare` runs beside `rebalance`
  distribution::PolicyOptions options;   ///< of any policies, within their ranges
  distribution::MoveLimits limits;       ///< windows that are not daily: since the start
  bool on_membership = true;             ///< rebalance after a node joined or left
  /// Rebalance when a node holds this fraction more than the mean (0.1: 10 %).
  std::optional<Ratio> threshold;
  std::optional<Nanoseconds> period;  ///< rebalance so often
  friend bool operator==(const PolicySpec&, const PolicySpec&) = default;
};

/// Between two named zones, instead of what `NetworkSpec` says of their distance.
struct LinkSpec {
  std::string zone;
  std::string other_zone;
  DelayDistribution latency;  ///< one way, each direction
  Bandwidth bandwidth{};      ///< shared by all traffic between the zones, each direction
  friend bool operator==(const LinkSpec&, const LinkSpec&) = default;
};

/// One-way delays by the distance of the two nodes; a message to oneself takes none of them.
struct NetworkSpec {
  NetworkLatency latency = DelayDistribution::exponential(microseconds(100), microseconds(200));
  DelayDistribution zone_latency =
      DelayDistribution::constant(Nanoseconds(0));  ///< added between zones
  DelayDistribution region_latency =
      DelayDistribution::constant(Nanoseconds(0));  ///< added between regions
  Ratio loss{0, 1};                                 ///< of each message
  Ratio duplication{0, 1};  ///< of each message, the second with a delay of its own
  /// Added to that of the second: messages that come when nobody thinks of them any more.
  DelayDistribution duplicate_delay = DelayDistribution::constant(Nanoseconds(0));
  /// Of each message: bits flip on its way. See `Network`.
  Ratio corruption{0, 1};
  Bytes queue{};  ///< of each interface; messages that would exceed it are lost; 0: unbounded
  std::vector<LinkSpec> links;
  friend bool operator==(const NetworkSpec&, const NetworkSpec&) = default;
};

/// Of every node. The size of the disk is `NodeCapacity::disk`.
struct DiskSpec {
  DelayDistribution read_latency =
      DelayDistribution::exponential(microseconds(20), microseconds(80));
  DelayDistribution write_latency =
      DelayDistribution::exponential(microseconds(10), microseconds(30));
  DelayDistribution sync_latency =
      DelayDistribution::exponential(microseconds(50), microseconds(200));
  Bandwidth bandwidth{500'000'000};
  std::optional<std::uint64_t> iops;  ///< operations per second, above zero; absent: no limit
  UnsyncedOutcome unsynced;
  Ratio undeleted{0, 1};  ///< chance of a file that was deleted to be back after a crash
  /// A node's log is replaced by a checkpoint when it is four times its content and this much more.
  Bytes compaction{1'048'576};
  friend bool operator==(const DiskSpec&, const DiskSpec&) = default;
};

/// Of every node.
struct ProcessSpec {
  /// What a node's CPU takes for one input, at full speed. That much is within the latencies of
  /// network and disks: a slow CPU adds what it takes longer.
  Nanoseconds step = microseconds(20);
  friend bool operator==(const ProcessSpec&, const ProcessSpec&) = default;
};

/// Each node's clock is off by an amount drawn once, uniform in [-bound, bound], and wobbles in the
/// same way, each from knots of its own.
struct ClockSpec {
  Nanoseconds offset{};        ///< bound
  std::int64_t drift_ppb = 0;  ///< bound, parts in 1e9
  ClockWobble wobble;
  friend bool operator==(const ClockSpec&, const ClockSpec&) = default;
};

struct MetadataSpec {
  /// From the arrival of a request to its answer's departure; the network's delays come on top.
  DelayDistribution latency = DelayDistribution::exponential(microseconds(200), milliseconds(1));
  Ratio lost_answers{0, 1};  ///< of requests that are applied, but whose answer is never sent
  /// A repetition of a commit that took effect is answered like it; else its guards fail.
  bool recognises_repeats = true;
  /// Commits are told to watchers together, so long after the first; zero: each at once.
  Nanoseconds coalesce{};
  friend bool operator==(const MetadataSpec&, const MetadataSpec&) = default;
};

/// Timings of the protocol, on each node's own clock.
struct ProtocolSpec {
  Nanoseconds heartbeat = milliseconds(100);
  Nanoseconds lease = seconds(1);              ///< of nodes and of the coordinator; > heartbeat
  Nanoseconds clock_error = milliseconds(50);  ///< assumed bound on the drift within a lease
  Nanoseconds reporting_period = milliseconds(500);  ///< between two reports of a node's loads
  Nanoseconds replica_timeout = milliseconds(500);   ///< before a replica leaves the in-sync set
  /// A node whose disk answers nothing for that long asks for no lease any more. The disk is asked
  /// for something once a second at least.
  Nanoseconds disk_timeout = seconds(5);
  Nanoseconds repair_delay = seconds(30);  ///< before the copies of a dead node are made anew
  Nanoseconds metadata_timeout = milliseconds(500);  ///< before an outcome counts as unknown
  Nanoseconds staleness_bound = seconds(5);          ///< of what replicas answer to reads
  /// For how long a node that routes a request tries before it tells the client how it ended; none
  /// for as long as a client waits for one attempt.
  std::optional<Nanoseconds> routing_timeout;
  friend bool operator==(const ProtocolSpec&, const ProtocolSpec&) = default;
};

struct MigrationSpec {
  WriteMode write_mode = WriteMode::Queue;
  Bytes chunk{65'536};                 ///< of the copy stream
  std::uint32_t chunks_in_flight = 4;  ///< flow control
  std::uint32_t queue_limit = 1024;    ///< writes that wait for a locked shard; more are refused
  Nanoseconds chunk_timeout = seconds(1);   ///< before a chunk is sent again
  Nanoseconds phase_timeout = seconds(30);  ///< without progress before the move is aborted
  friend bool operator==(const MigrationSpec&, const MigrationSpec&) = default;
};

/// Another version of the software, beside the one that all nodes begin with: how the nodes that
/// run it behave. What it does not say is as in the scenario, and stands here all the same.
struct VersionSpec {
  std::string name;    ///< unique, not `kFirstVersion`
  PolicySpec policy;   ///< without policies to compare
  Bytes compaction{};  ///< as `DiskSpec::compaction`
  ProtocolSpec protocol;
  MigrationSpec migration;
  std::vector<std::string> rules_off;  ///< sorted
  friend bool operator==(const VersionSpec&, const VersionSpec&) = default;
};
/// What actions call the version that all nodes begin with.
inline constexpr std::string_view kFirstVersion = "first";

/// Of every client.
struct ClientSpec {
  Nanoseconds request_timeout = seconds(1);      ///< of one attempt
  Nanoseconds retry_backoff = milliseconds(20);  ///< doubles with each attempt
  Nanoseconds retry_backoff_max = seconds(1);
  std::uint32_t attempts = 10;  ///< then the request failed, or its outcome is unknown
  friend bool operator==(const ClientSpec&, const ClientSpec&) = default;
};

/// Who comes back at the end of a run.
enum class HealMode : std::uint8_t {
  kAll,   ///< everybody: all faults end
  kCore,  ///< a part that is drawn; whoever is outside stays broken for good
};

struct CheckSpec {
  std::uint64_t audit_every = 4096;    ///< events between two full audits, a power of two
  Nanoseconds settle = seconds(5);     ///< of quiet after which the settled invariants must hold
  Nanoseconds progress = seconds(60);  ///< after the end of the run and its faults, to come to rest
  bool history = true;  ///< keep what clients asked and were told, and judge it at the end
  HealMode heal = HealMode::kAll;
  friend bool operator==(const CheckSpec&, const CheckSpec&) = default;
};

/// A claim of the experiment. A bound that is never evaluated in a run is an error.
struct ExpectationSpec {
  enum class Moment : std::uint8_t {
    kEnd,     ///< once, at the end
    kAt,      ///< once, at `time`
    kAfter,   ///< at every sample from `time` on, the end included
    kAlways,  ///< at every sample, the end included
  };
  MetricIndex metric = 0;
  std::optional<Ratio> min;
  std::optional<Ratio> max;
  std::optional<Ratio> equals;
  Moment moment = Moment::kEnd;
  Nanoseconds time{};   ///< of kAt and kAfter
  std::string because;  ///< the reason, printed when it fails; may be empty

  friend bool operator==(const ExpectationSpec&, const ExpectationSpec&) = default;
};

/// A scenario with every default filled in. The reader has checked all that is said here and that
/// all names and indices are of something that exists.
struct ScenarioSpec {
  std::string name;
  std::string about;
  std::uint64_t seed = 1;
  Nanoseconds duration{};   ///< simulated, above zero
  Nanoseconds starts_at{};  ///< time of day at the start, for daily windows; below 24h
  TieOrder tie = TieOrder::kFifo;
  std::uint32_t tie_depth = 3;                   ///< of TieOrder::kPct, 1 to kTieDepthMax
  Nanoseconds sample_every = milliseconds(100);  ///< of the series

  ClusterSpec cluster;
  std::vector<CollectionSpec> collections;
  PolicySpec policy;
  std::vector<TrafficSpec> traffic;
  NetworkSpec network;
  DiskSpec disk;
  ProcessSpec process;
  ClockSpec clock;
  MetadataSpec metadata;
  ProtocolSpec protocol;
  MigrationSpec migration;
  ClientSpec client;
  CheckSpec checks;
  ChaosSpec chaos;
  /// With which chance each fires when it is asked, by FaultPoint; absent: never.
  std::array<std::optional<Ratio>, kFaultPoints> fault_points;
  std::vector<std::string>
      rules_off;                      ///< safety rules switched off, sorted, of `Vocabulary::rules`
  std::vector<VersionSpec> versions;  ///< of the software, beside the first
  std::vector<EventSpec> events;      ///< [[at]] first, then [[when]], each in the written order
  std::vector<ExpectationSpec> expectations;

  /// "shop.orders", ... in the order of `collections`.
  std::vector<std::string> collection_names() const;
  /// The version that all nodes begin with: what the scenario says of itself.
  VersionSpec first_version() const;
  /// All versions, the first one first.
  std::vector<VersionSpec> all_versions() const;

  friend bool operator==(const ScenarioSpec&, const ScenarioSpec&) = default;
};

}  // namespace shardproof::sim
