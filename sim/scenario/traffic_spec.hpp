// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "core/base/units.hpp"
#include "sim/distribution.hpp"

namespace shardproof::sim {

/// How often something happens: `count` times per `per`, reduced to lowest terms, so equal rates
/// are equal members. The default is never.
struct Rate {
  std::uint64_t count = 0;
  Nanoseconds per = seconds(1);

  /// Reduced to lowest terms; `per` is above zero.
  static Rate of(std::uint64_t count, Nanoseconds per);
  bool is_zero() const { return count == 0; }

  friend bool operator==(const Rate&, const Rate&) = default;
};

/// Requests per time as a function of the time since the traffic's start.
struct RateShape {
  enum class Kind : std::uint8_t {
    kConstant,  ///< "2000/s": always `low`
    kDiurnal,   ///< diurnal(low, high, period): low at 0, high at period/2, a cosine between
    kRamp,      ///< ramp(from, to, over): linear from `low` to `high` within `period`, then `high`
    kBurst,     ///< burst(base, peak, every, lasts): `high` for the first `width` of every `period`
  };
  Kind kind = Kind::kConstant;
  Rate low;
  Rate high;             ///< zero for kConstant
  Nanoseconds period{};  ///< zero for kConstant
  Nanoseconds width{};   ///< of kBurst

  friend bool operator==(const RateShape&, const RateShape&) = default;
};

/// Which existing documents requests go to.
struct KeyChoice {
  enum class Kind : std::uint8_t {
    kUniform,  ///< "uniform"
    kZipf,     ///< "zipf(0.99)": P(rank r) ~ r^-exponent; ranks are scattered over the keys
    /// "hotspot(1%, 90%, 30s)": `requests` of them go to a contiguous `keys` of all keys, which
    /// moves on by its own length every `moves_every` (zero: never)
    kHotspot,
    kLatest,  ///< "latest(0.99)": zipf, rank 1 is the key inserted last
  };
  Kind kind = Kind::kUniform;
  Ratio exponent{};  ///< of kZipf and kLatest, above 0, at most 10
  Ratio keys{};
  Ratio requests{};
  Nanoseconds moves_every{};

  friend bool operator==(const KeyChoice&, const KeyChoice&) = default;
};

/// What clients ask for. Two are mistakes that have to be refused.
enum class TrafficOperation : std::uint8_t {
  kRead,
  kReplace,  ///< a new document under an existing key
  kInsert,   ///< a document under a new key
  kRemove,
  kScan,                   ///< of the whole collection
  kCount,                  ///< of the whole collection
  kCompareAndSwap,         ///< a read, then a replace on condition of the version read
  kTransaction,            ///< writes to documents of one shard
  kCrossShardTransaction,  ///< writes to documents of different shards: refused
  kMissingShardKey,        ///< an insert without a shard key field: refused
  kSystem,                 ///< a read of a shard's row in `_system/_sharding`, of any node
};
inline constexpr std::size_t kTrafficOperations = 11;

/// "read", "replace", "insert", "remove", "scan", "count", "cas", "transaction",
/// "cross_shard_transaction", "missing_shard_key", "system".
std::string_view to_string(TrafficOperation operation);

/// The probability of each operation, by its number; together exactly 1.
using OperationMix = std::array<Ratio, kTrafficOperations>;

/// Requests from a file: a record for each, in the order of time, relative to the first record's.
struct TraceSpec {
  /// Can be opened as it is: the reader has put the scenario's directory before a relative name.
  /// A .csv or .csv.gz whose first line names the columns.
  std::string file;
  std::string time_column = "time";
  std::string operation_column;  ///< empty: every request is a replace
  std::string key_column = "key";
  std::string size_column;  ///< empty: sizes as of the collection's documents
  /// What the texts of the operation column mean; sorted by text. Empty: the names of operations.
  std::vector<std::pair<std::string, TrafficOperation>> operations;
  Nanoseconds time_unit = seconds(1);  ///< what 1 in the time column is
  Ratio speedup{1, 1};                 ///< 2: twice as fast; gaps are divided by it

  friend bool operator==(const TraceSpec&, const TraceSpec&) = default;
};

/// One `[[traffic]]`. Requests come in open loop at the rate; each is issued by one of `clients`
/// that is idle, and waits in line if none is.
struct TrafficSpec {
  enum class Arrivals : std::uint8_t { kPoisson, kRegular };
  enum class ReadFrom : std::uint8_t { kLeader, kReplica };

  std::string name;              ///< "traffic-0", ... if not written; unique
  std::uint32_t collection = 0;  ///< index into `ScenarioSpec::collections`
  std::uint32_t clients = 16;
  Nanoseconds start{};
  Nanoseconds stop{};                      ///< the run's duration if not written
  RateShape rate;                          ///< not of a trace
  Arrivals arrivals = Arrivals::kPoisson;  ///< not of a trace
  OperationMix mix{};                      ///< not of a trace
  KeyChoice keys;                          ///< not of a trace
  ReadFrom read_from = ReadFrom::kLeader;
  std::uint32_t transaction_size = 3;  ///< operations in a transaction, at least 2
  std::optional<TraceSpec> trace;

  friend bool operator==(const TrafficSpec&, const TrafficSpec&) = default;
};

/// What the `[[traffic]]` at that place in a run of that duration is if it says only its rate: all
/// the time, half reads and half replaces.
TrafficSpec default_traffic(std::size_t index, Nanoseconds duration);

}  // namespace shardproof::sim
