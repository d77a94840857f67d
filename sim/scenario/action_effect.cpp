// SPDX-License-Identifier: Apache-2.0
#include "sim/scenario/action_effect.hpp"

namespace shardproof::sim {
namespace {

using Idle = std::optional<TextError>;

template <typename Other>
Idle idle(const Other&) {
  return {};
}
Idle idle(const LimitsAction& limits) {
  if (limits.limits != OrderedLimits{}) return {};
  return TextError{
      "limits nothing",
      "set \"moves_per_node\", \"moves_per_zone\", \"moves_in_cluster\" or \"bandwidth\"", 0};
}
Idle idle(const SlowAction& slow) {
  const Ratio full(1, 1);
  if (slow.disk != full || slow.network != full || slow.cpu != full) return {};
  return TextError{"slows down nothing", "set \"disk\", \"network\" or \"cpu\"", 0};
}
Idle idle(const DiskErrorsAction& errors) {
  const bool is_any =
      !errors.failed.is_zero() || !errors.unknown.is_zero() || !errors.silent.is_zero();
  if (is_any) return {};
  return TextError{"nothing fails", "set \"failed\", \"unknown\" or \"silent\"", 0};
}
Idle idle(const NetworkAction& network) {
  const bool is_other =
      network.latency || network.loss || network.duplication || network.corruption;
  if (is_other) return {};
  return TextError{"changes nothing",
                   "set \"latency\", \"loss\", \"duplication\" or \"corruption\"", 0};
}
Idle idle(const MetadataAction& metadata) {
  const bool is_other =
      metadata.outage || metadata.latency || metadata.lost_answers || metadata.coalesce;
  if (is_other) return {};
  return TextError{"changes nothing",
                   "set \"outage\", \"latency\", \"lost_answers\" or \"coalesce\"", 0};
}
Idle idle(const ClockAction& clock) {
  if (clock.step.count() != 0 || clock.drift_ppb || clock.wobble) return {};
  return TextError{"changes nothing", "set \"step\", \"drift\" or \"wobble\"", 0};
}
Idle idle(const DropAction& drop) {
  if (!drop.chance.is_zero()) return {};
  return TextError{"drops nothing", "set \"chance\" above zero", 0};
}
Idle idle(const DelayAction& delay) {
  if (delay.by != DelayDistribution{} || delay.factor != Ratio(1, 1)) return {};
  return TextError{"delays nothing", "set \"by\" above zero or \"factor\" above 1", 0};
}

}  // namespace

std::optional<TextError> idle_text(const Action& action) {
  return std::visit([](const auto& one) { return idle(one); }, action);
}

}  // namespace shardproof::sim
