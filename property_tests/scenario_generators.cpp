// SPDX-License-Identifier: Apache-2.0
#include "property_tests/scenario_generators.hpp"

#include <algorithm>
#include <tuple>

#include "core/base/wide.hpp"
#include "core/distribution/registry.hpp"
#include "property_tests/event_generators.hpp"
#include "property_tests/value_generators.hpp"
#include "sim/scenario/decimal.hpp"
#include "sim/scenario/document_space.hpp"
#include "sim/scenario/domains.hpp"
#include "sim/scenario/least_delay.hpp"
#include "sim/scenario/names.hpp"

namespace shardproof::testing {
namespace {

using namespace shardproof::sim;
using namespace draw;

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

/// A dot parts the database from the collection.
std::string name_without_dots() {
  std::string name = text(false);
  std::replace(name.begin(), name.end(), '.', '-');
  return name;
}

CollectionSpec collection(std::size_t index, std::uint32_t nodes) {
  CollectionSpec result;
  result.database = name_without_dots();
  result.name = fmt::format("{}{}", name_without_dots(), index);
  result.sharded = coin();
  result.shards = small(1, 100);
  result.replication_factor = small(1, nodes);
  result.write_concern = small(0, result.replication_factor);
  result.shard_key.clear();
  for (std::uint64_t i = number(1, 3); i > 0; --i) {
    result.shard_key.push_back(text(false) + fmt::format("{}", i));
  }
  result.documents = number(0, 1'000'000);
  result.document_size = size();
  if (result.sharded && coin()) {
    for (std::uint32_t i = 0; i < result.shards; ++i) {
      auto& of_shard = result.copies.emplace_back();
      const std::uint32_t first = small(0, nodes - 1);
      for (std::uint32_t copy = small(1, result.replication_factor); copy > 0; --copy) {
        of_shard.push_back((first + copy) % nodes);
      }
    }
  }
  if (result.sharded && coin()) {
    for (std::uint32_t i = 0; i < result.shards; ++i) result.shard_bytes.push_back(bytes());
  }
  return result;
}

/// Of any policies, anything that there is to set.
distribution::PolicyOptions policy_options() {
  distribution::PolicyOptions result;
  for (const distribution::PolicyInfo& policy : distribution::policies_with_options()) {
    if (!coin()) continue;
    const distribution::PolicyOption& option = policy.options[number(0, policy.options.size() - 1)];
    Ratio value(number(option.min, option.max), 1);
    if (!option.is_whole && value < Ratio(option.max, 1)) {
      value =
          Ratio(value.of(distribution::kOptionSteps) + number(0, 99), distribution::kOptionSteps);
    }
    result[std::string(policy.name)].emplace(option.name, value);
  }
  return result;
}

PolicySpec policy(Nanoseconds duration) {
  const Vocabulary vocabulary = default_vocabulary();
  PolicySpec result;
  result.placement = pick(vocabulary.placements);
  result.rebalance = pick(vocabulary.rebalances);
  if (coin()) result.compare.emplace_back(pick(vocabulary.rebalances));
  result.options = policy_options();
  result.on_membership = coin();
  if (coin()) result.threshold = positive_ratio();
  if (coin()) result.period = positive_span();
  result.limits.moves_per_node = small(0, 9);
  result.limits.moves_per_domain = small(0, 9);
  result.limits.moves_cluster_wide = small(0, 9);
  result.limits.bandwidth = bandwidth();
  result.limits.fewest_copies_first = coin();
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
    collection.shard_bytes.clear();
    const SizeDistribution& size = collection.document_size;
    const Bytes typical = size.kind == DistributionKind::kPareto ? size.first : mean(size);
    const UInt128 each = static_cast<UInt128>(typical.count()) * collection.replication_factor;
    if (each == 0) continue;
    const UInt128 most = std::min<UInt128>(collection.documents, share / each);
    collection.documents = static_cast<std::uint64_t>(most);
  }
}

/// Now and then something is lost or damaged, but not everything.
Ratio part() {
  const Ratio any = fraction();
  return any.numerator() < any.denominator() ? any : Ratio(999, 1000);
}

void fill_world(ScenarioSpec& spec) {
  spec.network.latency = delay();
  spec.network.zone_latency = delay();
  spec.network.region_latency = delay();
  spec.network.loss = part();
  spec.network.duplication = fraction();
  spec.network.corruption = part();
  spec.network.queue = bytes();
  const auto& zones = spec.cluster.domains.zones;
  if (zones.size() > 1) {
    spec.network.links = {{zones.back().second, zones.front().second, delay(), bandwidth()}};
  }
  spec.disk = {delay(), delay(),    delay(),    bandwidth(),
               iops(),  unsynced(), fraction(), bytes() + Bytes(1)};
  spec.process.step = positive_span();
  spec.clock = {span(), static_cast<std::int64_t>(number(0, 1'000'000)),
                coin() ? ClockWobble{} : wobble()};
  spec.metadata = {delay(), part(), coin(), span()};
  const Nanoseconds heartbeat = positive_span();
  const Nanoseconds lease = heartbeat + positive_span();
  spec.protocol = {heartbeat,       lease,           span(),          positive_span(),
                   positive_span(), positive_span(), positive_span(), positive_span(),
                   positive_span(), std::nullopt};
  spec.protocol.lease += least_round_trip(spec);
  spec.protocol.metadata_timeout += least_metadata_answer(spec);
  if (coin()) spec.protocol.routing_timeout = positive_span();
  spec.migration.write_mode = pick<WriteMode>({WriteMode::Queue, WriteMode::Live});
  spec.migration.chunk = bytes() + Bytes(1);
  spec.migration.chunks_in_flight = small(1, 10);
  spec.migration.queue_limit = small(1, 10'000);
  spec.migration.chunk_timeout = positive_span();
  spec.migration.phase_timeout = positive_span();
  const Nanoseconds backoff = positive_span();
  spec.client = {positive_span(), backoff, backoff + span(), small(1, 20)};
  spec.checks = {std::uint64_t{1} << number(0, 20), positive_span(), positive_span()};
  spec.checks.heal = pick<HealMode>({HealMode::kAll, HealMode::kCore});
}

/// Another version of the software: any that goes with the first, whose lease is longer than its
/// own heartbeat.
VersionSpec version(const ScenarioSpec& spec) {
  VersionSpec result = spec.first_version();
  result.name = fmt::format("v{}", text(true));
  if (coin()) {
    result.policy = policy(spec.duration);
    result.policy.compare.clear();
  }
  if (coin()) result.compaction = bytes() + Bytes(1);
  if (coin()) {
    ProtocolSpec& its = result.protocol;
    its.heartbeat = Nanoseconds(1) + span_below(spec.protocol.lease - Nanoseconds(1));
    its.lease = std::max(its.heartbeat, spec.protocol.heartbeat) + positive_span();
    its.clock_error = span();
    its.routing_timeout = maybe(positive_span());
  }
  if (coin()) result.migration.write_mode = WriteMode::Live;
  if (coin()) result.rules_off = {std::string(pick(default_vocabulary().rules))};
  return result;
}

}  // namespace

void leave_out_what_is_too_large(ScenarioSpec& spec) {
  for (CollectionSpec& collection : spec.collections) {
    if (typical_document(collection) <= document_size_max(spec)) continue;
    collection.documents = 0;
    collection.shard_bytes.clear();
  }
}

sim::ScenarioSpec any_scenario() {
  ScenarioSpec spec;
  spec.name = text(false);
  spec.about = text(true);
  spec.seed = number(0, std::uint64_t{1} << 62);
  spec.duration = positive_span() + Nanoseconds(1);
  spec.tie = pick<TieOrder>({TieOrder::kFifo, TieOrder::kRandom, TieOrder::kPct});
  spec.tie_depth = *rc::gen::inRange(1u, kTieDepthMax + 1);
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
  leave_out_what_is_too_large(spec);
  if (coin()) spec.versions.push_back(version(spec));
  spec.chaos = any_chaos(spec.duration);
  for (auto& chance : spec.fault_points) {
    if (coin()) chance = Ratio(*rc::gen::inRange<std::uint64_t>(0, 1001), 1000);
  }
  for (std::uint64_t i = number(0, 4); i > 0; --i) spec.events.push_back(any_event(spec, false));
  for (std::uint64_t i = number(0, 3); i > 0; --i) spec.events.push_back(any_event(spec, true));
  for (std::uint64_t i = number(0, 3); i > 0; --i) {
    spec.expectations.push_back(expectation(spec.duration));
  }
  return spec;
}

}  // namespace shardproof::testing
