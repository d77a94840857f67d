// SPDX-License-Identifier: Apache-2.0
#include "sim/observe/peers/asim.hpp"
#include "sim/observe/peers/put_figure.hpp"
#include "sim/observe/skew.hpp"

namespace shardproof::sim::peers {
namespace {

using Store = StoreTally::Store;

struct CountedStat {
  std::string_view name;
  std::uint64_t Store::*count;
};

constexpr CountedStat kCounted[] = {
    {"write", &Store::write},
    {"write_b", &Store::write_b},
    {"read", &Store::read},
    {"read_b", &Store::read_b},
    {"lease_moves", &Store::lease_moves},
    {"replica_moves", &Store::replica_moves},
    {"replica_b_sent", &Store::replica_b_sent},
    {"replica_b_rcvd", &Store::replica_b_rcvd},
};

}  // namespace

void put_asim_figures(PeerFigures& figures, const PeerState& state) {
  const auto put = [&](std::string_view name, const std::optional<ExactValue>& value) {
    figures["peers.asim.balance_" + std::string(name)] = value;
  };
  put("qps", balance(state.requests));
  put("cpu", balance(state.cpu));
  put("write_bytes_per_second", balance(state.recent_write_b));
  put("replicas", balance(state.copies));
  put("leases", balance(state.leaders));
  for (const CountedStat& stat : kCounted) {
    std::vector<std::uint64_t> counts;
    for (const Store& store : state.stores) counts.push_back(store.*stat.count);
    put(stat.name, balance(counts));
  }
  if (state.disks.empty()) return;
  const auto used = weighted_skew_of(state.disk_used, state.disks);
  put("disk_fraction_used", used ? std::optional(used->max_over_mean) : std::nullopt);
}

}  // namespace shardproof::sim::peers
