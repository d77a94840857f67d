// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "core/distribution/overload.hpp"
#include "core/distribution/rebalance/plan.hpp"

namespace shardproof::distribution {

struct RebalanceOptions {
  Ratio disk_watermark{85, 100};  ///< no copy goes where the disk would be fuller than this
  std::uint32_t count_gap = 1;  ///< copies (and leaders) by which two equal nodes may differ, >= 1
  Ratio bytes_band{5, 100};     ///< distance from a node's fair share of bytes that is left alone
  bool balance_bytes = true;
  bool balance_leaders = true;
};

/// How even a policy promises to make the nodes that take copies, and what it leaves alone: on
/// nodes within it a plan moves nothing for evenness, and where nothing stands in the way a plan
/// leads there.
struct BalanceBound {
  /// No node has so many copies that another one, with this many more, would have fewer per weight.
  std::uint32_t count_gap = 1;
  /// No node's bytes are further from its share, by weight, than this part of it.
  Ratio bytes_band{1, 1};
};

/// Decides which copies move. Policies are stateless and pure: same arguments, same plan, nothing
/// drawn. Shards that are frozen, pinned or have an in-flight move are left alone but counted where
/// they will be.
class RebalancePolicy {
 public:
  virtual ~RebalancePolicy() = default;

  virtual Plan plan(const ClusterView& view, const RebalanceOptions& options) const = 0;
  /// What plans make even, of what a node holds.
  virtual std::vector<LoadMeasure> measures() const = 0;
  /// What it promises; nothing, if it does not say.
  virtual std::optional<BalanceBound> bound() const { return std::nullopt; }
};

/// Never moves anything, not even off a draining node: the baseline.
class NoRebalance final : public RebalancePolicy {
 public:
  Plan plan(const ClusterView& view, const RebalanceOptions& options) const override;
  std::vector<LoadMeasure> measures() const override { return {}; }
};

}  // namespace shardproof::distribution
