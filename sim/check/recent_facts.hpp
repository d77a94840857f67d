// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <type_traits>
#include <vector>

#include "core/facts.hpp"
#include "sim/check/at.hpp"
#include "sim/observe/run_result.hpp"

namespace shardproof::sim::check {

/// The place of a kind of fact in the variant.
template <typename F, std::size_t kIndex = 0>
constexpr std::size_t index_of() {
  if constexpr (std::is_same_v<F, std::variant_alternative_t<kIndex, Fact>>) {
    return kIndex;
  } else {
    return index_of<F, kIndex + 1>();
  }
}

/// One bit for each kind of fact that comes with every request.
inline constexpr std::uint64_t kTraffic =
    1ull << index_of<fact::TableAdopted>() | 1ull << index_of<fact::LeaseTaken>() |
    1ull << index_of<fact::WriteAccepted>() | 1ull << index_of<fact::EntriesDurable>() |
    1ull << index_of<fact::EntryApplied>() | 1ull << index_of<fact::WriteAcknowledged>() |
    1ull << index_of<fact::RetryAnswered>() | 1ull << index_of<fact::ReadServed>() |
    1ull << index_of<fact::ReplicaReadServed>() | 1ull << index_of<fact::ScanPartServed>() |
    1ull << index_of<fact::ScanCompleted>() | 1ull << index_of<fact::RequestRefused>() |
    1ull << index_of<fact::RequestRouted>() | 1ull << index_of<fact::WriteQueued>() |
    1ull << index_of<fact::WriteDequeued>() | 1ull << index_of<fact::ChunkStaged>() |
    1ull << index_of<fact::ChunkSent>();
static_assert(kFactKinds <= 64);

/// The last things that happened, for the message of a violation: two rings, so that the traffic of
/// reads and writes does not wash out what happened to tables and copies. A few nanoseconds each.
class RecentFacts {
 public:
  /// Traffic is kept in what stays in the processor's cache.
  static constexpr std::size_t kTrafficKept = 1024;
  static constexpr std::size_t kChangesKept = 4096;

  enum class Happening : std::uint8_t { Fact, Commit, Crash, Boot, DiskDestroyed };

  RecentFacts();

  template <typename F>
  void note(const F& fact, const At& at) {
    constexpr std::size_t kind = index_of<F>();
    Entry entry = begin(Happening::Fact, at);
    entry.kind = static_cast<std::uint8_t>(kind);
    if constexpr (requires { fact.shard; }) entry.shard = fact.shard;
    if constexpr (requires { fact.epoch; }) entry.version.epoch = fact.epoch;
    if constexpr (requires { fact.entry; }) entry.version = fact.entry->version;
    if constexpr (requires { fact.last; }) entry.version = fact.last;
    if constexpr (requires { fact.applied; }) entry.version = fact.applied;
    if constexpr (requires { fact.result.version; }) entry.version = fact.result.version;
    if constexpr (requires { fact.migration; }) entry.migration = fact.migration;
    if constexpr (requires { fact.target; }) entry.other = fact.target;
    if constexpr (requires { fact.leader; }) entry.other = fact.leader;
    ((kTraffic >> kind & 1) != 0 ? traffic_ : changes_).push(entry);
  }
  void note_commit(const ShardInfo& shard, Revision revision, const At& at);
  void note_node(Happening happening, const At& at);

  /// The last `count` entries about the shard, or about one of the nodes and no shard, oldest
  /// first. Times are those of the world.
  std::vector<PastEvent> last(ShardId shard, const std::vector<NodeId>& nodes,
                              std::size_t count) const;

 private:
  struct Entry {
    std::uint64_t event = 0;
    Instant time;
    NodeId node;
    ShardId shard;
    Version version;
    MigrationId migration;
    /// Of facts the target; of commits the leader.
    NodeId other;
    Happening happening = Happening::Fact;
    std::uint8_t kind = 0;
    ShardStatus status = ShardStatus::Active;
    MigrationPhase phase = MigrationPhase::Prepare;
  };
  struct Ring {
    /// A power of two.
    std::vector<Entry> entries;
    std::uint64_t noted = 0;

    void push(const Entry& entry) { entries[noted++ & (entries.size() - 1)] = entry; }
  };

  static Entry begin(Happening happening, const At& at) {
    Entry entry;
    entry.event = at.event;
    entry.time = at.true_time;
    entry.node = at.node;
    entry.happening = happening;
    return entry;
  }
  static std::string describe_entry(const Entry& entry);
  void collect(const Ring& ring, ShardId shard, const std::vector<NodeId>& nodes, std::size_t count,
               std::vector<const Entry*>& found) const;

  Ring traffic_;
  Ring changes_;
};

}  // namespace shardproof::sim::check
