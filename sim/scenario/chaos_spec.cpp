// SPDX-License-Identifier: Apache-2.0
#include "sim/scenario/chaos_spec.hpp"

#include "core/base/check.hpp"
#include "sim/scenario/action_effect.hpp"
#include "sim/scenario/chaos_fields.hpp"
#include "sim/scenario/table_reader.hpp"
#include "sim/scenario/table_schema.hpp"
#include "sim/scenario/table_writer.hpp"

namespace shardproof::sim {
namespace {

/// Of one disk there is a family of its own.
constexpr std::uint32_t kBatchMin = 2;

/// The fault with the defaults of its family.
ChaosFault plain_fault(ChaosFamily family) {
  const NodeSelector one = NodeSelector::random(1);
  switch (family) {
    case ChaosFamily::kCrash: return {{}, {}, CrashAction{one, {}, {}}};
    case ChaosFamily::kPause: return {{}, {}, PauseAction{one}};
    case ChaosFamily::kGray: return {{}, {}, GrayAction{one}};
    case ChaosFamily::kIsolate: return {{}, {}, PartitionAction{one, NodeSelector::others()}};
    case ChaosFamily::kPartition:
      return {{}, {}, PartitionAction{NodeSelector::half(), NodeSelector::others()}};
    case ChaosFamily::kClog: return {{}, {}, ClogAction{one}};
    case ChaosFamily::kSwizzle: return {{}, {}, SwizzleAction{}};
    case ChaosFamily::kDrop: return {{}, {}, DropAction{}};
    case ChaosFamily::kDelay: return {{}, {}, DelayAction{}};
    case ChaosFamily::kSlow: return {{}, {}, SlowAction{one}};
    case ChaosFamily::kDiskFull: return {{}, {}, DiskFullAction{one, {}}};
    case ChaosFamily::kNetwork: return {{}, {}, NetworkAction{}};
    case ChaosFamily::kMetadataOutage: return {{}, {}, MetadataAction{true, {}, {}, {}}};
    case ChaosFamily::kClockStep: return {{}, {}, ClockAction{one, {}, {}, {}}};
    case ChaosFamily::kLoseDisk: return {{}, {}, LoseDiskAction{one}};
    case ChaosFamily::kCorrupt: return {{}, {}, CorruptAction{one}};
    case ChaosFamily::kDiskErrors: return {{}, {}, DiskErrorsAction{one, {}, {}}};
    case ChaosFamily::kStall: return {{}, {}, StallAction{one}};
    case ChaosFamily::kMisdirect: return {{}, {}, MisdirectAction{one}};
    case ChaosFamily::kClockWobble: return {{}, {}, ClockAction{one, {}, {}, ClockWobble{}}};
    case ChaosFamily::kMetadataCut: return {{}, {}, PartitionAction{one, NodeSelector::metadata()}};
    case ChaosFamily::kMetadataSlow: return {{}, {}, MetadataAction{}};
    case ChaosFamily::kSessionExpiry: return {{}, {}, ExpireSessionAction{one}};
    case ChaosFamily::kDomainCrash:
      return {{}, {}, CrashAction{NodeSelector::random_zone(), {}, {}}};
    case ChaosFamily::kDomainPartition:
      return {{}, {}, PartitionAction{NodeSelector::random_zone(), NodeSelector::others()}};
    case ChaosFamily::kDiskBatch: return {{}, {}, LoseDiskAction{NodeSelector::random(kBatchMin)}};
    case ChaosFamily::kRollingRestart: return {{}, {}, RollingRestartAction{NodeSelector::half()}};
    case ChaosFamily::kSwapDisks: return {{}, {}, SwapDisksAction{one, one}};
  }
  SHARDPROOF_CHECK(false, "chaos family {}", static_cast<int>(family));
  return {};
}

/// The parameters that a fault may have beside its rate and duration, by its action.
template <typename Visitor, typename Other>
void parameters(Visitor&, Other&) {}
template <typename Visitor>
void level_of_domain(Visitor& visitor, NodeSelector& node) {
  if (node.is_random_domain()) visitor.field("level", node.kind, domain_level());
}
template <typename Visitor>
void parameters(Visitor& visitor, CrashAction& crash) {
  level_of_domain(visitor, crash.node);
  visitor.optional("unsynced", crash.unsynced, kUnsynced);
  visitor.optional("undeleted", crash.undeleted, kProbability);
}
template <typename Visitor>
void parameters(Visitor& visitor, PartitionAction& partition) {
  level_of_domain(visitor, partition.from);
  visitor.field("one_way", partition.one_way, Flag{});
}
template <typename Visitor>
void parameters(Visitor& visitor, LoseDiskAction& lose) {
  if (lose.node.number < kBatchMin) return;
  visitor.field("disks", lose.node.number, Whole<std::uint32_t>{kBatchMin, kNodesMax});
}
template <typename Visitor>
void parameters(Visitor& visitor, RollingRestartAction& restart) {
  visitor.optional("version", restart.version, Text{false});
}
template <typename Visitor>
void parameters(Visitor& visitor, ClogAction& clog) {
  visitor.field("one_way", clog.one_way, Flag{});
}
template <typename Visitor>
void parameters(Visitor& visitor, DropAction& drop) {
  visitor.optional("message", drop.message, message_codec());
  visitor.field("chance", drop.chance, kProbability);
}
template <typename Visitor>
void parameters(Visitor& visitor, DelayAction& delay) {
  visitor.optional("message", delay.message, message_codec());
  visitor.field("by", delay.by, kDelay);
  visitor.field("factor", delay.factor, kSlowdown);
}
template <typename Visitor>
void parameters(Visitor& visitor, SlowAction& slow) {
  visitor.field("disk", slow.disk, kSlowdown);
  visitor.field("network", slow.network, kSlowdown);
  visitor.field("cpu", slow.cpu, kSlowdown);
}
template <typename Visitor>
void parameters(Visitor& visitor, DiskFullAction& full) {
  visitor.field("free", full.free, kBytes);
}
template <typename Visitor>
void parameters(Visitor& visitor, NetworkAction& network) {
  visitor.optional("latency", network.latency, kDelay);
  visitor.optional("loss", network.loss, kProbability);
  visitor.optional("duplication", network.duplication, kProbability);
  visitor.optional("corruption", network.corruption, kProbability);
}
template <typename Visitor>
void parameters(Visitor& visitor, CorruptAction& corrupt) {
  visitor.field("sectors", corrupt.sectors, kSectorCount);
}
template <typename Visitor>
void parameters(Visitor& visitor, MisdirectAction& misdirect) {
  visitor.field("sectors", misdirect.sectors, kSectorCount);
}
template <typename Visitor>
void parameters(Visitor& visitor, MetadataAction& metadata) {
  if (metadata.outage) return;
  visitor.optional("latency", metadata.latency, kDelay);
  visitor.optional("lost_answers", metadata.lost_answers, kProbability);
  visitor.optional("coalesce", metadata.coalesce, kPositiveDuration);
}
template <typename Visitor>
void parameters(Visitor& visitor, DiskErrorsAction& errors) {
  visitor.field("failed", errors.failed, kProbability);
  visitor.field("unknown", errors.unknown, kProbability);
  visitor.field("silent", errors.silent, kProbability);
}
template <typename Visitor>
void parameters(Visitor& visitor, ClockAction& clock) {
  if (clock.wobble) {
    visitor.required("wobble", *clock.wobble, kSomeWobble);
  } else {
    visitor.required("step", clock.step, kPositiveDuration);
  }
}

template <typename Visitor>
void fields(Visitor& visitor, ChaosFault& fault, ChaosFamily family) {
  visitor.required("rate", fault.rate, kPositiveRate);
  if (ends_by_itself(family)) visitor.required("duration", fault.duration, kDelay);
  visitor.field("calm", fault.calm, kDuration);
  std::visit([&](auto& action) { parameters(visitor, action); }, fault.action);
}

}  // namespace

std::string_view to_string(ChaosFamily family) {
  constexpr std::array<std::string_view, kChaosFamilies> kNames = {"crash",
                                                                   "pause",
                                                                   "gray",
                                                                   "isolate",
                                                                   "partition",
                                                                   "clog",
                                                                   "swizzle",
                                                                   "drop",
                                                                   "delay",
                                                                   "slow",
                                                                   "disk_full",
                                                                   "network",
                                                                   "metadata_outage",
                                                                   "clock_step",
                                                                   "lose_disk",
                                                                   "corrupt",
                                                                   "disk_errors",
                                                                   "stall",
                                                                   "misdirect",
                                                                   "clock_wobble",
                                                                   "metadata_cut",
                                                                   "metadata_slow",
                                                                   "session_expiry",
                                                                   "domain_crash",
                                                                   "domain_partition",
                                                                   "disk_batch",
                                                                   "rolling_restart",
                                                                   "swap_disks"};
  return kNames[static_cast<std::size_t>(family)];
}

bool ends_by_itself(ChaosFamily family) {
  return family != ChaosFamily::kClockStep && family != ChaosFamily::kCorrupt &&
         family != ChaosFamily::kMisdirect && family != ChaosFamily::kSessionExpiry;
}

std::string_view to_string(ChaosBudget budget) {
  return budget == ChaosBudget::kRedundancy ? "redundancy" : "unlimited";
}

bool ChaosCodec::read(const SourceNode& node, ChaosFault& value, Diagnostics& diagnostics) const {
  const std::size_t errors_before = diagnostics.errors();
  TableReader table(node, node.at, std::string(to_string(family)), diagnostics);
  if (!table.is_table()) return false;
  ChaosFault read = plain_fault(family);
  fields(table, read, family);
  table.finish();
  if (diagnostics.errors() == errors_before) {
    if (const auto idle = idle_text(read.action)) {
      diagnostics.error(node.at, idle->message, idle->suggestion);
    }
  }
  if (diagnostics.errors() != errors_before) return false;
  value = std::move(read);
  return true;
}

std::string ChaosCodec::print(const ChaosFault& value) const {
  TableWriter table;
  ChaosFault printed = value;
  fields(table, printed, family);
  return table.in_line();
}

std::string ChaosCodec::schema() const {
  TableSchema table;
  ChaosFault fault = plain_fault(family);
  fields(table, fault, family);
  return table.text();
}

}  // namespace shardproof::sim
