// SPDX-License-Identifier: Apache-2.0
#include "core/coordinator/cluster_settings.hpp"

#include "core/coordinator/tenure.hpp"
#include "core/distribution/registry.hpp"

namespace shardproof {
namespace {

using Stage = Progress::Stage;

Progress establish(const ClusterSettings& wanted, std::string text, Tenure& tenure, Step& step) {
  // What is on its way may be another order.
  if (tenure.proposals.is_busy(key_of(wanted))) return waiting("the commit of settings");
  if (step.table.settings() == wanted) return {Stage::Done, std::move(text)};
  tenure.proposals.propose(std::vector<Record>{wanted}, "settings", step);
  return waiting("the commit of its settings");
}

template <typename Limit>
void replace_if_ordered(std::optional<Limit>& limit, const std::optional<Limit>& order) {
  if (order) limit = order;
}

void add_count(std::string& text, const std::optional<std::uint32_t>& limit, const char* where) {
  if (!limit) return;
  if (!text.empty()) text += ", ";
  text += *limit == 0 ? fmt::format("any number of moves {}", where)
                      : fmt::format("{} moves {}", *limit, where);
}

}  // namespace

Progress set_balancing(const message::AdminRequest& request, Tenure& tenure, Step& step) {
  ClusterSettings wanted = step.table.settings();
  wanted.balancing_enabled = request.flag;
  return establish(wanted, fmt::format("balancing is {}", request.flag ? "on" : "off"), tenure,
                   step);
}

Progress set_limits(const message::AdminRequest& request, Tenure& tenure, Step& step) {
  ClusterSettings wanted = step.table.settings();
  OrderedLimits& limits = wanted.limits;
  replace_if_ordered(limits.moves_per_node, request.limits.moves_per_node);
  replace_if_ordered(limits.moves_per_domain, request.limits.moves_per_domain);
  replace_if_ordered(limits.moves_cluster_wide, request.limits.moves_cluster_wide);
  replace_if_ordered(limits.bandwidth, request.limits.bandwidth);
  return establish(wanted, fmt::format("ordered: {}", describe(limits)), tenure, step);
}

Progress set_policy(const message::AdminRequest& request, Tenure& tenure, Step& step) {
  if (distribution::find_rebalance_policy(request.policy) == nullptr) {
    return {Stage::Refused, fmt::format("rebalance policy '{}' is not known", request.policy)};
  }
  ClusterSettings wanted = step.table.settings();
  wanted.rebalance = request.policy;
  return establish(wanted, fmt::format("plans are made by '{}'", request.policy), tenure, step);
}

std::string describe(const OrderedLimits& limits) {
  std::string text;
  add_count(text, limits.moves_per_node, "per node");
  add_count(text, limits.moves_per_domain, "per domain");
  add_count(text, limits.moves_cluster_wide, "in the cluster");
  if (limits.bandwidth) {
    if (!text.empty()) text += ", ";
    text += limits.bandwidth->is_unlimited() ? "any bandwidth"
                                             : fmt::format("{} together", *limits.bandwidth);
  }
  return text;
}

}  // namespace shardproof
