// SPDX-License-Identifier: Apache-2.0
//
// What each algorithm that places keys costs at 10, 100 and 1000 nodes, options at their initial
// values: `look_up` is the seconds for a key that is hashed already (an iteration is 1024 of them),
// `build` those that its tables take (with algorithms that remember keys, seeing them all), `table`
// their bytes. Beside jump the bare loop of the published definition on the same hashes. A map is
// asked for as many keys as it was announced, so that those that count loads are in the state that
// they are made for.

#include <array>
#include <chrono>
#include <string>
#include <vector>

#include <benchmark/benchmark.h>
#include <fmt/format.h>

#include "core/distribution/keys/registry.hpp"

namespace shardproof::distribution {
namespace {

constexpr std::size_t kBatchKeys = 1024;
constexpr std::size_t kBatches = 128;
using Owners = std::array<std::uint32_t, kBatchKeys>;

/// key-0, key-1, ... with their hashes.
class Keys {
 public:
  Keys() {
    for (std::size_t i = 0; i < kBatches * kBatchKeys; ++i)
      texts_.push_back(fmt::format("key-{}", i));
    for (const std::string& text : texts_) keys_.push_back({text, stable_hash(text)});
  }
  std::span<const Key> batch(std::size_t i) const {
    return std::span(keys_).subspan(i * kBatchKeys, kBatchKeys);
  }

 private:
  std::vector<std::string> texts_;
  std::vector<Key> keys_;
};

const Keys& keys() {
  static const Keys kKeys;
  return kKeys;
}

std::unique_ptr<KeyMap> made(const KeyAlgorithm& algorithm, std::uint32_t nodes) {
  KeyMapRequest request;
  request.nodes = nodes;
  request.keys = kBatches * kBatchKeys;
  auto map = build_key_map(algorithm, std::move(request));
  SHARDPROOF_CHECK(map.has_value());
  Owners owners{};
  for (std::size_t i = 0; algorithm.remembers_keys && i < kBatches; ++i) {
    (*map)->place(keys().batch(i), owners);
  }
  return std::move(*map);
}

double seconds_to_build(const KeyAlgorithm& algorithm, std::uint32_t nodes) {
  const auto start = std::chrono::steady_clock::now();
  benchmark::DoNotOptimize(made(algorithm, nodes));
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
}

/// `look_up`: seconds a key.
void count_keys(benchmark::State& state) {
  using benchmark::Counter;
  state.counters["look_up"] =
      Counter(kBatchKeys, Counter::kIsIterationInvariantRate | Counter::kInvert);
}

void look_up(benchmark::State& state, const KeyAlgorithm& algorithm) {
  const auto nodes = static_cast<std::uint32_t>(state.range(0));
  keys();
  state.counters["build"] = seconds_to_build(algorithm, nodes);
  auto map = made(algorithm, nodes);
  Owners owners{};
  std::size_t batch = 0;
  for (auto _ : state) {
    if (batch == kBatches) {
      state.PauseTiming();
      if (!algorithm.remembers_keys) map = made(algorithm, nodes);
      batch = 0;
      state.ResumeTiming();
    }
    map->place(keys().batch(batch++), owners);
    benchmark::DoNotOptimize(owners);
  }
  state.counters["table"] =
      benchmark::Counter(static_cast<double>(map->table_bytes()), benchmark::Counter::kDefaults,
                         benchmark::Counter::kIs1024);
  count_keys(state);
  state.SetLabel(fmt::format("look-up {}; memory {}", algorithm.lookup, algorithm.memory));
}

/// Figure 1 of Lamping and Veach 2014, word by word.
std::int32_t published_jump(std::uint64_t key, std::int32_t num_buckets) {
  std::int64_t b = -1;
  std::int64_t j = 0;
  while (j < num_buckets) {
    b = j;
    key = key * 2862933555777941757ULL + 1;
    j = static_cast<std::int64_t>(
        static_cast<double>(b + 1) *
        (static_cast<double>(1LL << 31) / static_cast<double>((key >> 33) + 1)));
  }
  return static_cast<std::int32_t>(b);
}

void bare_jump(benchmark::State& state) {
  const auto nodes = static_cast<std::int32_t>(state.range(0));
  Owners owners{};
  std::size_t batch = 0;
  for (auto _ : state) {
    const auto some = keys().batch(batch++ % kBatches);
    for (std::size_t i = 0; i < kBatchKeys; ++i) {
      owners[i] = static_cast<std::uint32_t>(published_jump(some[i].hash, nodes));
    }
    benchmark::DoNotOptimize(owners);
  }
  count_keys(state);
  state.SetLabel("the loop of the paper alone");
}
BENCHMARK(bare_jump)->Arg(10)->Arg(100)->Arg(1000);

bool register_algorithms() {
  for (const KeyAlgorithm& algorithm : key_algorithms()) {
    benchmark::RegisterBenchmark(std::string(algorithm.name).c_str(), look_up, algorithm)
        ->Arg(10)
        ->Arg(100)
        ->Arg(1000);
  }
  return true;
}
[[maybe_unused]] const bool kRegistered = register_algorithms();

}  // namespace
}  // namespace shardproof::distribution
