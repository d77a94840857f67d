// SPDX-License-Identifier: Apache-2.0
#include "core/distribution/rebalance/counting_noise.hpp"

#include <algorithm>

#include "core/base/square_root.hpp"

namespace shardproof::distribution {
namespace {

/// Rounded up; one where nobody says what the inputs are for.
std::uint64_t inputs_of_request(const Draft& draft) {
  std::uint64_t inputs = 0;
  std::uint64_t requests = 0;
  for (const NodeView& node : draft.view().nodes) {
    inputs += draft.inputs(node.id);
    requests += draft.requests(node.id);
  }
  return requests == 0 ? 1 : std::max<std::uint64_t>((inputs + requests - 1) / requests, 1);
}

}  // namespace

CountingNoise::CountingNoise(const Draft& draft, LoadMeasure measure)
    : measure_(measure), deviations_(draft.options().number(kDeviations)) {
  const bool is_counted = measure == LoadMeasure::Requests || measure == LoadMeasure::Cpu;
  const Nanoseconds over = draft.view().counted_over;
  if (!is_counted || over <= Nanoseconds(0)) return;
  const std::uint64_t events = measure == LoadMeasure::Cpu ? inputs_of_request(draft) : 1;
  spread_ = Ratio(events * 1'000'000'000, static_cast<std::uint64_t>(over.count()));
}

std::uint64_t CountingNoise::of(std::uint64_t rate) const {
  return deviations_ * square_root(spread_.of(rate));
}

std::uint64_t CountingNoise::of(const Draft& draft, const Shift& shift) const {
  if (spread_.is_zero()) return 0;
  std::uint64_t rate = std::max<std::uint64_t>(spread_.of(1), 1);
  rate += draft.amount_of(shift.copy, measure_);
  if (!shift.back) return of(rate) / 2;
  return of(rate + draft.amount_of(*shift.back, measure_));
}

bool CountingNoise::is_certain(const Draft& draft, const Shift& shift) const {
  const std::int64_t taken = shift.amount(draft, measure_);
  return static_cast<std::uint64_t>(taken < 0 ? -taken : taken) > of(draft, shift);
}

}  // namespace shardproof::distribution
