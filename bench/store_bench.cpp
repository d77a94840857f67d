// SPDX-License-Identifier: Apache-2.0
//
// What the document store costs: small writes in the steady state, reads, and recovery.

#include <vector>

#include <benchmark/benchmark.h>

#include "core/storage_engine.hpp"

namespace shardproof {
namespace {

constexpr ShardId kShard(0);
/// Entries that write one small document each, every key in turn in a scattered order, made
/// beforehand: the store neither makes nor copies them.
class Entries {
 public:
  explicit Entries(std::uint64_t keys) {
    for (std::uint64_t i = 0; i < keys; ++i) {
      const boost::intrusive_ptr<Document> document(new Document);
      document->key = fmt::format("user{:08}", i);
      document->size = Bytes(100);
      document->content = mix64(i);
      const boost::intrusive_ptr<LogEntry> entry(new LogEntry);
      entry->request = {ClientId(static_cast<std::uint32_t>(i % 64)),
                        static_cast<std::uint32_t>(i)};
      entry->mutations.push_back({document, false});
      entries_.push_back(entry);
    }
  }
  /// The entry to be used as that index; again when nobody holds it any more.
  EntryRef with_index(std::uint64_t index) {
    const boost::intrusive_ptr<LogEntry>& entry = entries_[scattered(index)];
    entry->version = {Epoch(1), LogIndex(index)};
    return entry;
  }
  const std::string& key(std::uint64_t index) const {
    return entries_[scattered(index)]->mutations[0].document->key;
  }

 private:
  /// A permutation, as the factor is prime and no number of keys here is a multiple of it.
  std::uint64_t scattered(std::uint64_t index) const { return index * 7919 % entries_.size(); }

  std::vector<boost::intrusive_ptr<LogEntry>> entries_;
};

/// The disk that has always just succeeded. Removes nothing, keeps nothing.
void finish_disk_operations(DocumentStore& store, Effects& effects) {
  while (!effects.disk_ops().empty()) {
    const DiskOpId id = effects.disk_ops().back().id;
    effects.disk_ops().pop_back();
    store.on_disk_done({id, DiskOutcome::Ok, Bytes(0), Bytes(0)}, effects);
  }
}

/// `batch` appends and applies for each disk operation; compaction included.
void BM_AppendAndApply(benchmark::State& state) {
  const auto keys = static_cast<std::uint64_t>(state.range(0));
  const auto batch = static_cast<std::uint64_t>(state.range(1));
  Entries entries(keys);
  DocumentStore store;
  Effects effects;
  store.recover({}, effects);
  store.create(kShard, effects);
  finish_disk_operations(store, effects);
  std::uint64_t index = 0;
  for (auto _ : state) {
    for (std::uint64_t i = 0; i < batch; ++i) {
      ++index;
      store.append(kShard, entries.with_index(index), LogIndex(index - 1), effects);
      store.apply(kShard, LogIndex(index), effects);
    }
    finish_disk_operations(store, effects);
    effects.clear();
  }
  state.SetItemsProcessed(static_cast<std::int64_t>(index));
}
BENCHMARK(BM_AppendAndApply)
    ->ArgNames({"keys", "batch"})
    ->Args({1000, 1})
    ->Args({1000, 8})
    ->Args({100'000, 1})
    ->Args({100'000, 8});

/// Appends an entry for every key, in two disk operations: the first record goes alone.
void fill(DocumentStore& store, Entries& entries, std::uint64_t keys, Effects& effects) {
  store.recover({}, effects);
  store.create(kShard, effects);
  for (std::uint64_t index = 1; index <= keys; ++index) {
    store.append(kShard, entries.with_index(index), LogIndex(index), effects);
  }
}

void BM_Get(benchmark::State& state) {
  const auto keys = static_cast<std::uint64_t>(state.range(0));
  Entries entries(keys);
  DocumentStore store;
  Effects effects;
  fill(store, entries, keys, effects);
  store.apply(kShard, LogIndex(keys), effects);
  std::uint64_t index = 0;
  for (auto _ : state) benchmark::DoNotOptimize(store.get(kShard, entries.key(++index)));
}
BENCHMARK(BM_Get)->ArgName("keys")->Arg(1000)->Arg(100'000);

void BM_Recover(benchmark::State& state) {
  const auto keys = static_cast<std::uint64_t>(state.range(0));
  Entries entries(keys);
  DocumentStore store;
  Effects effects;
  fill(store, entries, keys, effects);
  const DiskOp first = effects.disk_ops()[0];
  effects.clear();
  store.on_disk_done({first.id, DiskOutcome::Ok, Bytes(0), Bytes(0)}, effects);
  const std::string data = first.data + effects.disk_ops()[0].data;
  const DiskImage image{{{first.file, data, Bytes(data.size())}}, Bytes(0), Bytes(0)};
  for (auto _ : state) {
    DocumentStore recovered;
    effects.clear();
    recovered.recover(image, effects);
    benchmark::DoNotOptimize(recovered.durable());
  }
  state.SetItemsProcessed(state.iterations() * state.range(0));
  state.SetBytesProcessed(state.iterations() * static_cast<std::int64_t>(data.size()));
}
BENCHMARK(BM_Recover)->ArgName("entries")->Arg(10'000);

}  // namespace
}  // namespace shardproof
