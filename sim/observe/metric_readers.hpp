// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "sim/observe/observer.hpp"

namespace shardproof::sim {

/// How each metric of the catalogue is read off an observer. The definitions are the catalogue's.
struct MetricReaders {
  using Count = std::uint64_t;
  using CountReader = Count (*)(const Observer&);
  using Value = std::optional<ExactValue>;
  using ValueReader = std::function<Value(const Observer&)>;

  struct Reader {
    CountReader count = nullptr;
    ValueReader value{};
  };
  struct NamedReader {
    std::string name;
    Reader reader;
  };

  static NamedReader counted(std::string name, CountReader reader) {
    return {std::move(name), {reader, {}}};
  }
  static NamedReader valued(std::string name, ValueReader reader) {
    return {std::move(name), {nullptr, std::move(reader)}};
  }
  static Value integer(UInt128 number) { return ExactValue::integer(number); }
  /// Nothing of a ratio to zero, but for 0 / 0, which is 1.
  static Value ratio_to(Count numerator, Count denominator);

  static std::vector<NamedReader> counts();
  static std::vector<NamedReader> values();
  static std::vector<NamedReader> skews();
  static std::vector<NamedReader> moves();
  static std::vector<NamedReader> over_time();
  static std::vector<NamedReader> peer_figures();

  /// What other systems would see of the cluster. O(copies).
  static peers::PeerState peer_state(const Observer& observer);
  /// Parts of it: the members, then what is on which of them, and what the run came to.
  static void add_members(peers::PeerState& state, const Observer& observer);
  static void add_shards(peers::PeerState& state, const Observer& observer);
  static peers::RunCounts run_counts(const Observer& observer);

  static const std::vector<Reader>& by_index();
};

}  // namespace shardproof::sim
