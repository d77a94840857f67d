// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstdint>
#include <functional>
#include <string>
#include <utility>
#include <vector>

#include <boost/container/small_vector.hpp>

#include "sim/check/at.hpp"
#include "sim/check/audit_view.hpp"
#include "sim/check/check_config.hpp"
#include "sim/check/recent_facts.hpp"
#include "sim/observe/run_result.hpp"

namespace shardproof::sim::check {

/// What a violation is about: names the shard (or none), the nodes with the offender first, and the
/// epochs in the order of the message.
struct Subject {
  ShardId shard;
  boost::container::small_vector<NodeId, 4> nodes;
  boost::container::small_vector<Epoch, 4> epochs;
};

/// Where all monitors report: counts evaluations, and keeps the first violations with what led
/// there, and with what their shard and nodes were by the committed table, which outlives this.
class Findings {
 public:
  static constexpr std::size_t kInvariants = 40;
  static constexpr std::size_t kLastEvents = 16;

  Findings(const CheckConfig& config, const ShardTable& committed)
      : kept_max_(config.violations_max), committed_(committed) {}

  void evaluated(std::uint32_t number, std::uint64_t times = 1) { evaluations_[number] += times; }
  /// What can be said only by who sees the states behind the event; nothing if it is empty.
  using Explain = std::function<std::string(const AuditView&)>;
  /// `detail` says what was seen, and what should have been; what `explain` says is added to it
  /// after the event.
  void report(const InvariantInfo& invariant, const At& at, const Subject& subject,
              std::string detail, Explain explain = {});
  /// The same for what was found out afterwards: `record` has time, event and whatever else is
  /// known of it, and `message` as `detail`.
  void report_late(const InvariantInfo& invariant, ViolationRecord record);
  /// Whether `explain` is to be called before the next event.
  bool wants_to_explain() const { return !unexplained_.empty(); }
  void explain(const AuditView& view);
  /// What led there, by the scenario's time.
  std::vector<PastEvent> last_events(ShardId shard, const std::vector<NodeId>& nodes) const;
  /// The scenario's time begins: from it on all times count, those of earlier findings too. Once.
  void begin_scenario(Instant origin);

  RecentFacts& recent() { return recent_; }
  const std::vector<ViolationRecord>& violations() const { return kept_; }
  std::uint64_t total() const { return total_; }
  std::uint64_t evaluations(std::uint32_t number) const { return evaluations_[number]; }
  std::uint64_t violations(std::uint32_t number) const { return counts_[number]; }

  /// What the world's time is in the scenario's.
  Instant scenario_time(Instant true_time) const { return true_time - origin_.since_start(); }

 private:
  /// Counts it; whether it is one of those to be kept.
  bool takes(const InvariantInfo& invariant);
  static void count_from(Instant origin, ViolationRecord& record);

  std::uint32_t kept_max_ = 0;
  const ShardTable& committed_;
  Instant origin_;
  std::uint64_t total_ = 0;
  std::array<std::uint64_t, kInvariants> evaluations_{};
  std::array<std::uint64_t, kInvariants> counts_{};
  std::vector<ViolationRecord> kept_;
  /// By their places among those that are kept.
  std::vector<std::pair<std::size_t, Explain>> unexplained_;
  RecentFacts recent_;
};

}  // namespace shardproof::sim::check
