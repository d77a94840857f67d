// SPDX-License-Identifier: Apache-2.0
#include "sim/observe/peers/broker_goals.hpp"
#include "sim/observe/peers/put_figure.hpp"

namespace shardproof::sim::peers {
namespace {

/// "cruise_control.WHAT_avg" and so on, of bytes within the window, as bytes a second.
void put_network(PeerFigures& figures, const std::string& what, const PeerState& state,
                 const std::vector<std::uint64_t>& bytes) {
  const auto equal = std::vector<std::uint64_t>(bytes.size(), 1);
  const auto stats = resource_stats(bytes, state.networks.empty() ? equal : state.networks);
  const double seconds = static_cast<double>(state.flow_window.count()) / 1e9;
  put_figure(figures, "cruise_control." + what + "_avg", stats->avg / seconds);
  put_figure(figures, "cruise_control." + what + "_max", stats->max / seconds);
  put_figure(figures, "cruise_control." + what + "_min", stats->min / seconds);
  put_figure(figures, "cruise_control." + what + "_st_dev", stats->st_dev / seconds);
}

using IsHot = bool (*)(const FlowTally::ShardFlow&, Nanoseconds window);

void put_hot_differences(PeerFigures& figures, const PeerState& state, IsHot is_hot,
                         std::string_view leaders_name, std::string_view peers_name) {
  std::vector<std::uint64_t> leaders(state.copies.size());
  std::vector<std::uint64_t> peers(state.copies.size());
  for (const Region& region : state.regions) {
    if (!is_hot(region.flow, state.flow_window)) continue;
    if (region.leader) ++leaders[*region.leader];
    for (const std::uint32_t store : region.peers) ++peers[store];
  }
  put_figure(figures, leaders_name, static_cast<double>(*hot_difference(leaders)));
  if (peers_name.empty()) return;
  put_figure(figures, peers_name, static_cast<double>(*hot_difference(peers)));
}

}  // namespace

void put_flow_figures(PeerFigures& figures, const PeerState& state) {
  if (state.flow_window <= Nanoseconds(0)) return;
  put_network(figures, "nw_in", state, state.network_in);
  put_network(figures, "nw_out", state, state.network_out);
  put_network(figures, "potential_nw_out", state, potential_nw_out(state));
  // The simulator's case of hot reads looks at leaders alone.
  put_hot_differences(figures, state, is_hot_read, "pd.hot_read_leader_difference", {});
  put_hot_differences(figures, state, is_hot_write, "pd.hot_write_leader_difference",
                      "pd.hot_write_peer_difference");
}

}  // namespace shardproof::sim::peers
