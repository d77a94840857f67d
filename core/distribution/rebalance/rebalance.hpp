// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "core/distribution/overload.hpp"
#include "core/distribution/policy_option.hpp"
#include "core/distribution/rebalance/plan.hpp"

namespace shardproof::distribution {

struct RebalanceOptions {
  Ratio disk_watermark{85, 100};  ///< no copy goes where the disk would be fuller than this
  std::uint32_t count_gap = 1;  ///< copies (and leaders) by which two equal nodes may differ, >= 1
  Ratio bytes_band{5, 100};     ///< distance from a node's fair share of bytes that is left alone
  bool balance_bytes = true;
  bool balance_leaders = true;
  OptionValues values{};  ///< of the policy's own options, within their ranges

  Ratio ratio(const PolicyOption& option) const { return value_of(option, values); }
  /// Of an option that is a whole number.
  std::uint64_t number(const PolicyOption& option) const { return ratio(option).of(1); }
};

/// Options of several policies; `with_values` sets the fields of these names.
inline constexpr PolicyOption kCountGapOption{
    "count_gap", "copies, and leaders, by which two equal nodes may differ", {1, 1}, 1, 1'000'000};
inline constexpr PolicyOption kBytesBandOption{
    "bytes_band", "distance from a node's share that is left alone, over it", {5, 100}, 0, 1,
    false};

/// `options` with what is set of a policy's own.
RebalanceOptions with_values(RebalanceOptions options, const OptionValues& values);

/// How even a policy promises to make the nodes that take copies, and what it leaves alone: on
/// nodes within it a plan moves nothing for evenness, and where nothing stands in the way a plan
/// leads there.
struct BalanceBound {
  /// No node has so many copies that another one, with this many more, would have fewer per weight.
  std::uint32_t count_gap = 1;
  /// No node's bytes are further from its share, by weight, than this part of it.
  Ratio bytes_band{1, 1};
  /// No leader's node leads so many that the node of another copy of the shard, with this many
  /// more, would lead fewer per weight. Nothing if leaders are not made even.
  std::optional<std::uint32_t> leader_gap{};
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
  /// What it promises under these options; nothing, if it does not say.
  virtual std::optional<BalanceBound> bound(const RebalanceOptions&) const { return std::nullopt; }
  /// Whether its moves for evenness never bring two copies of a shard into one failure domain.
  virtual bool keeps_domains() const { return true; }
  /// What can be set of it.
  virtual std::vector<PolicyOption> options() const { return {}; }
};

/// Never moves anything, not even off a draining node: the baseline.
class NoRebalance final : public RebalancePolicy {
 public:
  Plan plan(const ClusterView& view, const RebalanceOptions& options) const override;
  std::vector<LoadMeasure> measures() const override { return {}; }
};

}  // namespace shardproof::distribution
