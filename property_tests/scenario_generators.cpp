// SPDX-License-Identifier: Apache-2.0
#include "property_tests/scenario_generators.hpp"

#include <algorithm>
#include <tuple>

#include <rapidcheck.h>

#include "core/base/wide.hpp"
#include "sim/scenario/decimal.hpp"
#include "sim/scenario/domains.hpp"
#include "sim/scenario/names.hpp"

namespace shardproof::testing {
namespace {

using namespace shardproof::sim;

std::uint64_t number(std::uint64_t low, std::uint64_t high) {
  return *rc::gen::inRange<std::uint64_t>(low, high + 1);
}
std::uint32_t small(std::uint32_t low, std::uint32_t high) {
  return static_cast<std::uint32_t>(number(low, high));
}
bool coin() { return number(0, 1) == 1; }

template <typename T>
T pick(const std::vector<T>& values) {
  return values[number(0, values.size() - 1)];
}

/// Round amounts and odd ones, over all orders of magnitude.
std::uint64_t magnitude(std::uint64_t max_bits) {
  const std::uint64_t odd = number(0, (std::uint64_t{1} << number(0, max_bits)) - 1);
  return pick<std::uint64_t>({odd, 1'000, 1'000'000, 4096, std::uint64_t{1} << 30});
}
Nanoseconds span() { return Nanoseconds(static_cast<std::int64_t>(magnitude(50))); }
Nanoseconds positive_span() { return span() + Nanoseconds(1); }
Nanoseconds span_below(Nanoseconds limit) {
  return Nanoseconds(
      static_cast<std::int64_t>(number(0, static_cast<std::uint64_t>(limit.count() - 1))));
}
Bytes bytes() { return Bytes(magnitude(50)); }
Bandwidth bandwidth() { return Bandwidth(magnitude(40)); }
Ratio fraction() {
  const std::uint64_t below = number(1, 1'000'000);
  return pick<Ratio>({Ratio(number(0, below), below), Ratio(number(0, 1000), 1000), Ratio(1, 3)});
}
Ratio positive_ratio() { return Ratio(number(1, 1'000'000), number(1, 1000)); }

std::string text(bool may_be_empty) {
  const std::vector<std::string> pieces = {"a", "B", "7", " ", "\"", "\\",   "\n",   "\t",
                                           "'", "#", "ä", "=", "[",  "\x01", "\x7f", "."};
  std::string result = may_be_empty ? "" : "x";
  for (std::uint64_t i = number(0, 8); i > 0; --i) result += pick(pieces);
  return result;
}

template <typename Unit>
Distribution<Unit> distribution(Unit (*amount)()) {
  using D = Distribution<Unit>;
  const Unit low = amount();
  const Unit high = low + amount();
  const Unit one(1);
  switch (number(0, 4)) {
    case 0: return D::constant(low);
    case 1: return D::uniform(low, high);
    case 2: return D::exponential(low, high);
    case 3: return D::lognormal(low + one, high + one);
    default: return D::pareto(low + one, reduced(positive_ratio()));
  }
}
DelayDistribution delay() { return distribution<Nanoseconds>(span); }

Rate rate() {
  if (coin()) return Rate::of(number(0, 100'000), seconds(1));
  return Rate::of(number(0, 1'000'000),
                  Nanoseconds(static_cast<std::int64_t>(number(1, 1'000'000))));
}

NodeCapacity capacity() {
  NodeCapacity result;
  result.disk = bytes();
  result.cpu_milli = number(0, 1'000'000);
  result.memory = bytes();
  result.network = bandwidth();
  return result;
}

UnsyncedOutcome unsynced() {
  const std::uint64_t kept = number(0, 100);
  const std::uint64_t lost = number(0, 100 - kept);
  return {Ratio(kept, 100), Ratio(lost, 100), Ratio(100 - kept - lost, 100)};
}

std::optional<std::uint64_t> iops() {
  if (coin()) return std::nullopt;
  return number(1, 1'000'000'000);
}

ClusterSpec cluster() {
  ClusterSpec result;
  result.capacity = capacity();
  const std::uint64_t regions = number(1, 2);
  for (std::uint64_t region = 0; region < regions; ++region) {
    const std::uint64_t zones = number(1, 3);
    for (std::uint64_t zone = 0; zone < zones; ++zone) {
      result.domains.zones.emplace_back(fmt::format("r{}", region),
                                        fmt::format("z \"{}-{}\"", region, zone));
    }
  }
  for (std::uint64_t rack = number(1, 2); rack > 0; --rack) {
    result.domains.racks.push_back(fmt::format("rack{}", rack));
  }
  const bool counted = coin();
  NodeSpec plain;
  plain.capacity = result.capacity;
  result.nodes.assign(number(1, 6), plain);
  for (std::size_t i = 0; !counted && i < result.nodes.size(); ++i) {
    NodeSpec& node = result.nodes[i];
    node.name = fmt::format("{}{}", text(false), i);
    std::tie(node.region, node.zone) = pick(result.domains.zones);
    node.rack = pick(result.domains.racks);
    node.capacity = capacity();
    if (coin()) node.clock_offset = Nanoseconds(0) - span();
    if (coin()) node.clock_drift_ppb = static_cast<std::int64_t>(number(0, 999'999)) - 500'000;
  }
  RC_ASSERT(complete_domains(result) == std::nullopt);
  return result;
}

CollectionSpec collection(std::size_t index, std::uint32_t nodes) {
  CollectionSpec result;
  result.database = text(false);
  result.name = fmt::format("{}{}", text(false), index);
  result.sharded = coin();
  result.shards = small(1, 100);
  result.replication_factor = small(1, nodes);
  result.write_concern = small(0, result.replication_factor);
  result.shard_key.clear();
  for (std::uint64_t i = number(1, 3); i > 0; --i) {
    result.shard_key.push_back(text(false) + fmt::format("{}", i));
  }
  result.documents = number(0, 1'000'000);
  result.document_size = distribution<Bytes>(bytes);
  return result;
}

PolicySpec policy(Nanoseconds duration) {
  const Vocabulary vocabulary = default_vocabulary();
  PolicySpec result;
  result.placement = pick(vocabulary.placements);
  result.rebalance = pick(vocabulary.rebalances);
  result.on_membership = coin();
  if (coin()) result.threshold = positive_ratio();
  if (coin()) result.period = positive_span();
  result.limits.moves_per_node = small(0, 9);
  result.limits.moves_per_domain = small(0, 9);
  result.limits.moves_cluster_wide = small(0, 9);
  result.limits.bandwidth = bandwidth();
  for (std::uint64_t i = number(0, 2); i > 0; --i) {
    if (coin()) {
      result.limits.windows.push_back(
          {true, hours(0), seconds(static_cast<std::int64_t>(number(1, 80'000)))});
    } else {
      result.limits.windows.push_back({false, span_below(duration), duration});
    }
  }
  return result;
}

RateShape rate_shape() {
  using Kind = RateShape::Kind;
  const Kind kind = pick<Kind>({Kind::kConstant, Kind::kDiurnal, Kind::kRamp, Kind::kBurst});
  RateShape result;
  result.kind = kind;
  result.low = rate();
  if (kind == Kind::kConstant) return result;
  result.high = rate();
  result.period = positive_span() + Nanoseconds(1);
  if (kind == Kind::kBurst)
    result.width = Nanoseconds(1) + span_below(result.period - Nanoseconds(1));
  return result;
}

KeyChoice keys() {
  using Kind = KeyChoice::Kind;
  switch (number(0, 3)) {
    case 0: return {};
    case 1: return {Kind::kZipf, reduced(Ratio(number(1, 1000), 100)), {}, {}, {}};
    case 2: return {Kind::kLatest, reduced(Ratio(number(1, 1000), 100)), {}, {}, {}};
    default: return {Kind::kHotspot, {}, Ratio(number(1, 100), 100), fraction(), span()};
  }
}

OperationMix mix() {
  OperationMix result{};
  std::uint64_t left = 1000;
  for (std::size_t i = 0; i + 1 < result.size(); ++i) {
    const std::uint64_t share = number(0, left);
    result[i] = Ratio(share, 1000);
    left -= share;
  }
  result.back() = Ratio(left, 1000);
  return result;
}

TraceSpec trace() {
  TraceSpec result;
  result.file = "sim/scenario/testdata/input/trace.csv";
  result.operation_column = "op";
  if (coin()) result.size_column = "size";
  result.operations = {{"read", TrafficOperation::kRead}, {"w", TrafficOperation::kReplace}};
  result.time_unit = positive_span();
  result.speedup = positive_ratio();
  return result;
}

TrafficSpec traffic(std::size_t index, const ScenarioSpec& spec) {
  TrafficSpec result;
  result.name = fmt::format("{}{}", text(false), index);
  result.collection = small(0, static_cast<std::uint32_t>(spec.collections.size() - 1));
  result.clients = small(1, 1000);
  result.start = span_below(spec.duration);
  result.stop = result.start + Nanoseconds(1) + span_below(spec.duration - result.start);
  result.read_from = pick<TrafficSpec::ReadFrom>(
      {TrafficSpec::ReadFrom::kLeader, TrafficSpec::ReadFrom::kReplica});
  result.transaction_size = small(2, 10);
  if (coin()) {
    result.trace = trace();
    return result;
  }
  result.rate = rate_shape();
  result.arrivals = pick<TrafficSpec::Arrivals>(
      {TrafficSpec::Arrivals::kPoisson, TrafficSpec::Arrivals::kRegular});
  result.mix = mix();
  result.keys = keys();
  return result;
}

NodeSelector selector(const ScenarioSpec& spec) {
  using Kind = NodeSelector::Kind;
  NodeSelector result;
  result.kind = pick<Kind>({Kind::kNodes, Kind::kAll, Kind::kCoordinator, Kind::kLeader,
                            Kind::kReplicas, Kind::kMigrationSource, Kind::kMigrationTarget,
                            Kind::kZone, Kind::kRack, Kind::kRegion, Kind::kRandom});
  const auto zone = pick(spec.cluster.domains.zones);
  switch (result.kind) {
    case Kind::kNodes:
      for (std::uint32_t i = 0; i < spec.cluster.nodes.size(); ++i) {
        if (coin()) result.nodes.push_back(NodeId(i));
      }
      if (result.nodes.empty()) result.nodes.push_back(NodeId(0));
      break;
    case Kind::kLeader:
    case Kind::kReplicas:
      result.collection = small(0, static_cast<std::uint32_t>(spec.collections.size() - 1));
      result.number = small(0, spec.collections[result.collection].shards - 1);
      break;
    case Kind::kZone: result.name = zone.second; break;
    case Kind::kRack: result.name = zone.second + "/" + pick(spec.cluster.domains.racks); break;
    case Kind::kRegion: result.name = zone.first; break;
    case Kind::kRandom:
      result.number = small(1, static_cast<std::uint32_t>(spec.cluster.nodes.size()));
      break;
    default: break;
  }
  return result;
}

NodeSelector other_side() {
  using Kind = NodeSelector::Kind;
  NodeSelector result;
  result.kind = pick<Kind>({Kind::kOthers, Kind::kMetadata, Kind::kClients});
  return result;
}

template <typename T>
std::optional<T> maybe(T value) {
  return coin() ? std::optional<T>(std::move(value)) : std::nullopt;
}

/// How an event with this action may end: never, maybe or always.
struct Drawn {
  Action action;
  bool may_last = false;
  bool must_last = false;
};

/// A selector that is not the same.
NodeSelector another(const NodeSelector& one) {
  using Kind = NodeSelector::Kind;
  NodeSelector other;
  other.kind = one.kind == Kind::kCoordinator ? Kind::kAll : Kind::kCoordinator;
  return other;
}

ShardChoice shard(const ScenarioSpec& spec) {
  const auto collection = small(0, static_cast<std::uint32_t>(spec.collections.size()) - 1);
  return {collection, small(0, spec.collections[collection].shards - 1)};
}

StatusAction status(const ScenarioSpec& spec) {
  if (coin()) return {coin() ? StatusAction::Of::kCluster : StatusAction::Of::kMigrations, {}, {}};
  const ShardChoice one = shard(spec);
  return {StatusAction::Of::kShard, one.collection, one.shard};
}

Drawn action(const ScenarioSpec& spec) {
  const NodeSelector node = selector(spec);
  const Ratio slower(number(101, 5000), 100);
  switch (number(0, 17)) {
    case 0:
      return {JoinAction{small(1, 3), "", pick(spec.cluster.domains.zones).second, "", capacity()}};
    case 1: return {DrainAction{node}};
    case 2: return {MaintenanceAction{node}, true, true};
    case 3: return {RemoveAction{node}};
    case 4: return {RebalanceAction{}};
    case 5: return {CrashAction{node, maybe(unsynced()), span()}, true};
    case 6: return {RestartAction{node, span()}};
    case 7: return {PauseAction{node}, true, true};
    case 8: return {PartitionAction{node, other_side(), coin()}, true};
    case 9: return {SlowAction{node, slower, coin() ? Ratio(1, 1) : slower}, true};
    case 10: return {DiskFullAction{node, bytes()}, true};
    case 11: return {NetworkAction{maybe(delay()), fraction(), maybe(fraction())}, true};
    case 12: return {MetadataAction{true, maybe(delay()), maybe(fraction())}, true};
    case 13: return {MoveAction{shard(spec), node, another(node)}};
    case 14: return {AbortAction{shard(spec)}};
    case 15: return {BalancingAction{coin()}};
    case 16: return {status(spec)};
    default: return {ClockAction{node, Nanoseconds(-1) - span(), maybe(std::int64_t{-20'500})}};
  }
}

Condition condition() {
  std::vector<MetricIndex> counters;
  for (MetricIndex i = 0; i < metric_catalogue().size(); ++i) {
    const MetricDefinition& metric = metric_catalogue()[i];
    if (metric.in_conditions && metric.name != "time") counters.push_back(i);
  }
  Condition result;
  const auto comparison = [&] {
    ConditionStep step;
    step.metric = pick(counters);
    const MetricDefinition& metric = metric_catalogue()[step.metric];
    if (metric.unit == MetricUnit::kChoice) {
      step.choice = small(0, static_cast<std::uint32_t>(metric.choices.size() - 1));
    } else {
      step.comparator = pick<Comparator>(
          {Comparator::kGreater, Comparator::kGreaterEqual, Comparator::kNotEqual});
      step.number = Ratio(number(1, 1'000'000), 1);
    }
    result.steps.push_back(step);
  };
  comparison();
  for (std::uint64_t i = number(0, 5); i > 0; --i) {
    // Operands on either side of the operator: (a op b) op c and a op (b op c).
    const std::size_t operands = number(1, 2);
    for (std::size_t operand = 0; operand < operands; ++operand) comparison();
    for (std::size_t operand = 0; operand < operands; ++operand) {
      ConditionStep join;
      join.kind = coin() ? ConditionStep::Kind::kAnd : ConditionStep::Kind::kOr;
      result.steps.push_back(join);
    }
  }
  return can_hold(result, hours(1)) ? result : condition();
}

EventSpec event(const ScenarioSpec& spec, bool is_when) {
  EventSpec result;
  if (is_when) {
    result.condition = condition();
    result.armed_after = span_below(spec.duration);
    result.times = small(1, 5);
  } else {
    result.time = span_below(spec.duration);
  }
  const Drawn drawn = action(spec);
  result.action = drawn.action;
  const bool lasts = drawn.must_last || (drawn.may_last && coin());
  if (lasts) result.lasts = positive_span();
  return result;
}

ExpectationSpec expectation(Nanoseconds duration) {
  using Moment = ExpectationSpec::Moment;
  std::vector<MetricIndex> metrics;
  for (MetricIndex i = 0; i < metric_catalogue().size(); ++i) {
    const MetricDefinition& metric = metric_catalogue()[i];
    if (metric.unit != MetricUnit::kChoice && metric.name != "time") metrics.push_back(i);
  }
  ExpectationSpec result;
  result.metric = pick(metrics);
  const MetricDefinition& metric = metric_catalogue()[result.metric];
  const bool fractional = metric.unit == MetricUnit::kRatio;
  const auto bound = [&] {
    return fractional ? reduced(positive_ratio()) : Ratio(magnitude(50) + 1, 1);
  };
  switch (number(0, 2)) {
    case 0: result.equals = bound(); break;
    case 1: result.max = bound(); break;
    default: result.min = bound(); break;
  }
  if (metric.in_series) {
    result.moment = pick<Moment>({Moment::kEnd, Moment::kAt, Moment::kAfter, Moment::kAlways});
  }
  const bool timed = result.moment == Moment::kAt || result.moment == Moment::kAfter;
  if (timed) result.time = span_below(duration);
  result.because = text(true);
  return result;
}

/// Fewer documents where all their copies would not fit on the disks.
void make_room(ScenarioSpec& spec) {
  UInt128 space = 0;
  for (const NodeSpec& node : spec.cluster.nodes) {
    if (node.capacity.disk.count() == 0) return;
    space += node.capacity.disk.count();
  }
  const UInt128 share = space / spec.collections.size();
  for (CollectionSpec& collection : spec.collections) {
    const SizeDistribution& size = collection.document_size;
    const Bytes typical = size.kind == DistributionKind::kPareto ? size.first : mean(size);
    const UInt128 each = static_cast<UInt128>(typical.count()) * collection.replication_factor;
    if (each == 0) continue;
    const UInt128 most = std::min<UInt128>(collection.documents, share / each);
    collection.documents = static_cast<std::uint64_t>(most);
  }
}

void fill_world(ScenarioSpec& spec) {
  spec.network.latency = delay();
  spec.network.zone_latency = delay();
  spec.network.region_latency = delay();
  spec.network.loss = fraction();
  spec.network.duplication = fraction();
  spec.network.queue = bytes();
  const auto& zones = spec.cluster.domains.zones;
  if (zones.size() > 1) {
    spec.network.links = {{zones.back().second, zones.front().second, delay(), bandwidth()}};
  }
  spec.disk = {delay(), delay(), delay(), bandwidth(), iops(), unsynced()};
  spec.clock = {span(), static_cast<std::int64_t>(number(0, 1'000'000))};
  spec.metadata = {delay(), fraction()};
  const Nanoseconds heartbeat = positive_span();
  const Nanoseconds lease = heartbeat + positive_span();
  spec.protocol = {heartbeat, lease, span(), positive_span(), positive_span(), positive_span()};
  spec.migration.write_mode = pick<WriteMode>({WriteMode::Queue, WriteMode::Live});
  spec.migration.chunk = bytes() + Bytes(1);
  spec.migration.chunks_in_flight = small(1, 10);
  spec.migration.queue_limit = small(1, 10'000);
  spec.migration.chunk_timeout = positive_span();
  spec.migration.phase_timeout = positive_span();
  const Nanoseconds backoff = positive_span();
  spec.client = {positive_span(), backoff, backoff + span(), small(1, 20)};
  spec.checks = {std::uint64_t{1} << number(0, 20), positive_span(), positive_span()};
}

}  // namespace

sim::ScenarioSpec any_scenario() {
  ScenarioSpec spec;
  spec.name = text(false);
  spec.about = text(true);
  spec.seed = number(0, std::uint64_t{1} << 62);
  spec.duration = positive_span() + Nanoseconds(1);
  spec.tie = pick<TieOrder>({TieOrder::kFifo, TieOrder::kRandom});
  spec.sample_every = Nanoseconds(1) + span_below(spec.duration);
  spec.cluster = cluster();
  for (std::uint64_t i = number(1, 3); i > 0; --i) {
    spec.collections.push_back(
        collection(i, static_cast<std::uint32_t>(spec.cluster.nodes.size())));
  }
  make_room(spec);
  spec.policy = policy(spec.duration);
  for (std::uint64_t i = number(0, 3); i > 0; --i) spec.traffic.push_back(traffic(i, spec));
  fill_world(spec);
  for (std::uint64_t i = number(0, 4); i > 0; --i) spec.events.push_back(event(spec, false));
  for (std::uint64_t i = number(0, 3); i > 0; --i) spec.events.push_back(event(spec, true));
  for (std::uint64_t i = number(0, 3); i > 0; --i) {
    spec.expectations.push_back(expectation(spec.duration));
  }
  return spec;
}

}  // namespace shardproof::testing
