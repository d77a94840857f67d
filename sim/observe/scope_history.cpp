// SPDX-License-Identifier: Apache-2.0
#include "sim/observe/scope_history.hpp"

namespace shardproof::sim {

void ScopeHistory::on_sample(const std::vector<ScopeSample>& samples, const WorstOfScopes& worst,
                             Instant now) {
  for (const ScopeSample& sample : samples) scopes_.try_emplace(sample.scope);
  auto next = samples.begin();
  for (auto& [scope, times] : scopes_) {
    const bool is_there = next != samples.end() && next->scope == scope;
    for (std::size_t i = 0; i < kSkewDimensions; ++i) {
      times[i].add(is_there ? next->of[i] : std::nullopt, now);
    }
    if (is_there) ++next;
  }
  for (std::size_t kind = 0; kind < worst_.size(); ++kind) {
    if (worst[kind] && !worst_[kind]) worst_[kind].emplace();
    if (!worst_[kind]) continue;
    for (std::size_t i = 0; i < kSkewDimensions; ++i) {
      (*worst_[kind])[i].add(worst[kind] ? (*worst[kind])[i] : std::nullopt, now);
    }
  }
}

const std::array<SkewTimes, kSkewDimensions>* ScopeHistory::times(const ScopeKey& scope) const {
  const auto found = scopes_.find(scope);
  return found == scopes_.end() ? nullptr : &found->second;
}

const SkewOverTime* ScopeHistory::worst(SkewScope kind, SkewDimension dimension) const {
  const auto& of_kind = worst_[static_cast<std::size_t>(kind)];
  return of_kind ? &(*of_kind)[static_cast<std::size_t>(dimension)] : nullptr;
}

}  // namespace shardproof::sim
