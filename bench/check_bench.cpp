// SPDX-License-Identifier: Apache-2.0
//
// What the checks cost: whole requests told to the suite, and single facts told to single monitors.
// Time per item is nanoseconds per fact, but for the first group, where an item is a request.

#include <benchmark/benchmark.h>

#include "sim/check/ack_honesty.hpp"
#include "sim/check/identity.hpp"
#include "sim/check/linearizable_reads.hpp"
#include "sim/check/no_resurrection.hpp"
#include "sim/check/no_stale_overwrite.hpp"
#include "sim/check/one_history.hpp"
#include "sim/check/replica_reads.hpp"
#include "sim/check/routing_determinism.hpp"
#include "sim/check/routing_soundness.hpp"
#include "sim/check/shard_key_rules.hpp"
#include "sim/check/single_owner.hpp"
#include "sim/check/story_testing.hpp"

namespace shardproof::sim::check {
namespace {

std::vector<std::string> make_keys(std::int64_t count) {
  std::vector<std::string> keys;
  for (std::int64_t i = 0; i < count; ++i) keys.push_back(fmt::format("customer/{:08}", i));
  return keys;
}

/// The facts of writes with three copies (fourteen with routing), and of reads, prepared
/// beforehand.
class Requests {
 public:
  explicit Requests(std::int64_t keys) : story_(three_copies()), keys_(make_keys(keys)) {
    for (const std::string& key : keys_) story_.write(key);
  }

  static StoryOptions three_copies() {
    StoryOptions options;
    options.replication_factor = 3;
    return options;
  }

  std::vector<Fact> write(std::size_t i) {
    const Version version{Epoch(1), story_.last.index.next()};
    const EntryRef entry = story_.make_entry(
        version, {{make_document(keys_[i % keys_.size()]), false}}, story_.next_request());
    const auto operation = make_operation(OperationKind::Replace, entry->mutations[0].document);
    const fact::EntriesDurable durable{kS0, version};
    const fact::EntryApplied applied{kS0, entry};
    std::vector<Fact> facts{
        fact::RequestRouted{entry->request, kS0, kN0, story_.table.revision(), operation},
        fact::WriteAccepted{kS0, Epoch(1), entry, story_.last}};
    facts.insert(facts.end(), {durable, durable, durable, applied});
    facts.emplace_back(fact::WriteAcknowledged{kS0, Epoch(1), entry, {kN0, kN1, kN2}});
    facts.insert(facts.end(), {applied, applied});
    story_.last = version;
    return facts;
  }
  Fact read(std::size_t i) {
    const auto document = make_document(keys_[i % keys_.size()], i % keys_.size() + 2);
    const VersionedDocument result{{Epoch(1), LogIndex(i % keys_.size() + 2)}, document};
    return fact::ReadServed{kS0, Epoch(1), make_operation(OperationKind::Read, document), result};
  }
  /// Who states each of a write's facts.
  static constexpr std::uint32_t kNodes[] = {3, 0, 0, 1, 2, 0, 0, 1, 2};

  Story story_;
  std::vector<std::string> keys_;
};

void BM_WriteOnThreeCopies(benchmark::State& state) {
  Requests requests(state.range(0));
  std::vector<std::vector<Fact>> prepared;
  std::size_t next = 0;
  for (auto _ : state) {
    if (next == prepared.size()) {
      state.PauseTiming();
      prepared.clear();
      for (std::size_t i = 0; i < 4096; ++i) prepared.push_back(requests.write(i * 7919));
      next = 0;
      state.ResumeTiming();
    }
    const std::vector<Fact>& facts = prepared[next++];
    for (std::size_t i = 0; i < facts.size(); ++i) {
      requests.story_.suite.on_fact(facts[i], requests.story_.at(NodeId(Requests::kNodes[i])));
    }
  }
  if (requests.story_.suite.violations_total() > 0) {
    state.SkipWithError(texts(requests.story_.suite).c_str());
  }
  state.SetItemsProcessed(state.iterations());
}
BENCHMARK(BM_WriteOnThreeCopies)->Arg(1000)->Arg(100000);

void BM_Read(benchmark::State& state) {
  Requests requests(state.range(0));
  std::vector<Fact> reads;
  for (std::size_t i = 0; i < 4096; ++i) reads.push_back(requests.read(i * 7919));
  std::size_t next = 0;
  const At at = requests.story_.at(kN0);
  for (auto _ : state) requests.story_.suite.on_fact(reads[next++ % reads.size()], at);
  if (requests.story_.suite.violations_total() > 0) {
    state.SkipWithError(texts(requests.story_.suite).c_str());
  }
  state.SetItemsProcessed(state.iterations());
}
BENCHMARK(BM_Read)->Arg(1000)->Arg(100000);

/// One monitor alone, told the same fact again and again, over an oracle with one shard and one
/// key.
template <typename M, typename F>
void tell_one(benchmark::State& state, const F& fact, NodeId node) {
  const CheckConfig config;
  Oracle oracle(config);
  Findings findings(config, oracle.table());
  M monitor(oracle, findings);
  const Story story(Requests::three_copies());
  TableDelta delta;
  delta.revision = Revision(1);
  delta.records.emplace_back(story.collection);
  delta.records.emplace_back(story.info());
  for (const NodeRecord& record : story.table.nodes()) delta.records.emplace_back(record);
  const At at{node, 1, story.now, story.now, 1};
  oracle.take(hook::Committing{delta, kN0, Term(1)}, at);
  oracle.take(fact::LeaseTaken{Instant(), hours(1), Term(1)}, at);
  for (const NodeId holder : {kN0, kN1, kN2}) {
    const At there{holder, 1, story.now, story.now, 1};
    oracle.take(fact::CopyCreated{kS0, Epoch(1)}, there);
    oracle.take(fact::EntriesDurable{kS0, {Epoch(1), LogIndex(1)}}, there);
  }
  for (auto _ : state) monitor.on(fact, at);
  if (findings.total() > 0) state.SkipWithError(findings.violations()[0].message.c_str());
  state.SetItemsProcessed(state.iterations());
}

EntryRef make_entry(RequestId request = {ClientId(1), 1}) {
  auto* entry = new LogEntry;
  entry->version = {Epoch(1), LogIndex(1)};
  entry->request = request;
  entry->mutations.push_back({make_document("customer/00000001"), false});
  return EntryRef(entry);
}
fact::WriteAccepted accepted() { return {kS0, Epoch(1), make_entry(), Version()}; }
/// Of no client: a request may take effect only once.
fact::EntryApplied applied() { return {kS0, make_entry(RequestId{})}; }
fact::EntriesDurable durable() { return {kS0, {Epoch(1), LogIndex(1)}}; }
fact::WriteAcknowledged acknowledged() { return {kS0, Epoch(1), make_entry(), {kN0, kN1, kN2}}; }
fact::ReadServed read() {
  return {
      kS0, Epoch(1), make_operation(OperationKind::Read, make_document("customer/00000001")), {}};
}
/// A document was there: of nothing there is nothing to judge.
fact::ReadServed found() {
  const DocumentRef document = make_document("customer/00000001");
  return {kS0,
          Epoch(1),
          make_operation(OperationKind::Read, document),
          {{Epoch(1), LogIndex(1)}, document}};
}
fact::ReplicaReadServed replica_read() {
  return {kS0, Epoch(1),  make_operation(OperationKind::Read, make_document("customer/00000001")),
          {},  Version(), Instant()};
}
fact::RequestRouted routed() {
  return {{ClientId(1), 1},
          kS0,
          kN0,
          Revision(1),
          make_operation(OperationKind::Read, make_document("customer/00000001"))};
}

#define SHARDPROOF_MONITOR_BENCHMARK(Monitor, fact)                                              \
  void BM_##Monitor##_##fact(benchmark::State& state) { tell_one<Monitor>(state, fact(), kN0); } \
  BENCHMARK(BM_##Monitor##_##fact)

SHARDPROOF_MONITOR_BENCHMARK(RoutingSoundness, accepted);
SHARDPROOF_MONITOR_BENCHMARK(ShardKeyRules, accepted);
SHARDPROOF_MONITOR_BENCHMARK(SingleOwner, accepted);
SHARDPROOF_MONITOR_BENCHMARK(OneHistory, accepted);
SHARDPROOF_MONITOR_BENCHMARK(OneHistory, applied);
SHARDPROOF_MONITOR_BENCHMARK(NoStaleOverwrite, durable);
SHARDPROOF_MONITOR_BENCHMARK(NoStaleOverwrite, applied);
SHARDPROOF_MONITOR_BENCHMARK(AckHonesty, acknowledged);
SHARDPROOF_MONITOR_BENCHMARK(SingleOwner, read);
SHARDPROOF_MONITOR_BENCHMARK(LinearizableReads, read);
SHARDPROOF_MONITOR_BENCHMARK(ReplicaReads, replica_read);
SHARDPROOF_MONITOR_BENCHMARK(ReplicaReads, applied);
SHARDPROOF_MONITOR_BENCHMARK(NoResurrection, found);
SHARDPROOF_MONITOR_BENCHMARK(Identity, routed);
SHARDPROOF_MONITOR_BENCHMARK(RoutingDeterminism, routed);

}  // namespace
}  // namespace shardproof::sim::check
