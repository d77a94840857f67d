// SPDX-License-Identifier: Apache-2.0
#include "core/distribution/optimum/timed_schedule.hpp"

#include <algorithm>
#include <functional>
#include <map>
#include <queue>
#include <tuple>

#include <fmt/format.h>

#include "core/base/check.hpp"

namespace shardproof::distribution {
namespace {

/// The slower of two, where zero is no limit.
Bandwidth slower(Bandwidth a, Bandwidth b) {
  if (a.is_unlimited()) return b;
  if (b.is_unlimited()) return a;
  return std::min(a, b);
}

/// A part of a bandwidth: at least a byte per second, for zero would be no limit.
Bandwidth share(Bandwidth whole, std::uint32_t parts) {
  if (whole.is_unlimited()) return whole;
  return Bandwidth(std::max<std::uint64_t>(1, whole.bytes_per_second() / parts));
}

Nanoseconds duration(const TransferGraph& graph, const TransferRates& rates,
                     const Transfer& transfer) {
  const std::uint32_t source = transfer.source.value();
  const std::uint32_t target = transfer.target.value();
  const Bandwidth out = share(rates.out[source], graph.capacities[source]);
  const Bandwidth in = share(rates.in[target], graph.capacities[target]);
  return slower(out, in).time_for(transfer.bytes);
}

Nanoseconds longest_time(const std::map<std::uint64_t, Bytes>& amounts, Bandwidth rate) {
  Nanoseconds longest;
  for (const auto& [key, bytes] : amounts) longest = std::max(longest, rate.time_for(bytes));
  return longest;
}

class ListSchedule {
 public:
  ListSchedule(const TransferGraph& graph, const TransferRates& rates, TransferOrder order)
      : graph_(graph), rates_(rates), free_(graph.capacities), waiting_(graph.capacities.size()) {
    ranks_ = ranks(order);
    started_.resize(graph.transfers.size());
    schedule_.transfers.resize(graph.transfers.size());
    for (const std::uint32_t transfer : by_rank_) {
      const std::uint32_t source = graph.transfers[transfer].source.value();
      const std::uint32_t target = graph.transfers[transfer].target.value();
      waiting_[source].transfers.push_back({transfer, target});
      waiting_[target].transfers.push_back({transfer, source});
    }
  }

  TimedSchedule run() {
    for (const std::uint32_t transfer : by_rank_) {
      if (can_start(transfer)) start(transfer, Nanoseconds(0));
    }
    while (!running_.empty()) {
      const Nanoseconds now = std::get<0>(running_.top());
      std::vector<std::uint32_t> freed;
      while (!running_.empty() && std::get<0>(running_.top()) == now) {
        end(std::get<1>(running_.top()), freed);
        running_.pop();
      }
      start_at(freed, now);
      schedule_.makespan = now;
    }
    return std::move(schedule_);
  }

 private:
  /// The transfers of a node in order, of which `started` wait no more: all before `first`, and
  /// some that come later.
  struct Waiting {
    struct Entry {
      std::uint32_t transfer = 0;
      std::uint32_t other_end = 0;
    };
    std::vector<Entry> transfers;
    std::size_t first = 0;
    std::size_t started = 0;
  };

  std::vector<std::uint32_t> ranks(TransferOrder order) {
    for (std::uint32_t i = 0; i < graph_.transfers.size(); ++i) by_rank_.push_back(i);
    if (order == TransferOrder::LargestFirst) {
      std::stable_sort(by_rank_.begin(), by_rank_.end(), [&](std::uint32_t a, std::uint32_t b) {
        return graph_.transfers[a].bytes > graph_.transfers[b].bytes;
      });
    }
    std::vector<std::uint32_t> result(by_rank_.size());
    for (std::uint32_t rank = 0; rank < by_rank_.size(); ++rank) result[by_rank_[rank]] = rank;
    return result;
  }

  bool can_start(std::uint32_t transfer) const {
    const auto& [source, target, bytes] = graph_.transfers[transfer];
    return free_[source.value()] > 0 && free_[target.value()] > 0;
  }

  void start(std::uint32_t transfer, Nanoseconds now) {
    const Transfer& each = graph_.transfers[transfer];
    --free_[each.source.value()];
    --free_[each.target.value()];
    started_[transfer] = 1;
    ++waiting_[each.source.value()].started;
    ++waiting_[each.target.value()].started;
    const Nanoseconds end = now + duration(graph_, rates_, each);
    schedule_.transfers[transfer] = {now, end};
    running_.emplace(end, transfer);
  }

  void end(std::uint32_t transfer, std::vector<std::uint32_t>& freed) {
    const auto& [source, target, bytes] = graph_.transfers[transfer];
    for (const NodeId node : {source, target}) {
      ++free_[node.value()];
      freed.push_back(node.value());
    }
  }

  /// The transfers of a node, those in order that do not wait any more taken away as long as that
  /// takes no more than to look at the others.
  const Waiting& without_started(std::uint32_t node) {
    Waiting& waiting = waiting_[node];
    while (waiting.first < waiting.transfers.size() &&
           started_[waiting.transfers[waiting.first].transfer] != 0) {
      ++waiting.first;
    }
    const std::size_t between = waiting.started - waiting.first;
    if (2 * between <= waiting.transfers.size() - waiting.first) return waiting;
    std::erase_if(waiting.transfers,
                  [&](const auto& each) { return started_[each.transfer] != 0; });
    waiting.first = waiting.started = 0;
    return waiting;
  }

  /// Starts what can be started at the freed nodes, in order.
  void start_at(std::vector<std::uint32_t>& freed, Nanoseconds now) {
    std::sort(freed.begin(), freed.end());
    freed.erase(std::unique(freed.begin(), freed.end()), freed.end());
    std::vector<std::pair<std::uint32_t, std::uint32_t>> chosen;  // rank, and for which node
    for (const std::uint32_t node : freed) {
      const Waiting& waiting = without_started(node);
      std::uint32_t places = free_[node];
      for (std::size_t i = waiting.first; i < waiting.transfers.size() && places > 0; ++i) {
        const auto& [transfer, other_end] = waiting.transfers[i];
        if (free_[other_end] == 0 || started_[transfer]) continue;
        chosen.emplace_back(ranks_[transfer], node);
        --places;
      }
    }
    std::sort(chosen.begin(), chosen.end());
    freed.clear();
    for (const auto& [rank, node] : chosen) {
      const std::uint32_t transfer = by_rank_[rank];
      if (started_[transfer]) continue;
      if (can_start(transfer)) {
        start(transfer, now);
      } else {
        freed.push_back(node);  // another has taken the place: it may have one for a later transfer
      }
    }
    if (!freed.empty()) start_at(freed, now);
  }

  const TransferGraph& graph_;
  const TransferRates& rates_;
  std::vector<std::uint32_t> free_;
  std::vector<Waiting> waiting_;  // by node
  std::vector<std::uint32_t> by_rank_;
  std::vector<std::uint32_t> ranks_;
  std::vector<char> started_;
  TimedSchedule schedule_;
  using End = std::tuple<Nanoseconds, std::uint32_t>;
  std::priority_queue<End, std::vector<End>, std::greater<>> running_;
};

}  // namespace

TransferRates equal_rates(std::size_t nodes, Bandwidth each) {
  return {std::vector<Bandwidth>(nodes, each), std::vector<Bandwidth>(nodes, each)};
}

Nanoseconds TimeBounds::time() const {
  return std::max({node_out, node_in, domain_out, domain_in, longest});
}

TimeBounds time_bounds(const TransferGraph& graph, const TransferRates& rates,
                       const ClusterView& view) {
  TimeBounds bounds;
  std::vector<Bytes> out(graph.capacities.size());
  std::vector<Bytes> in(graph.capacities.size());
  std::map<std::uint64_t, Bytes> leaving;
  std::map<std::uint64_t, Bytes> arriving;
  for (const auto& [source, target, bytes] : graph.transfers) {
    out[source.value()] += bytes;
    in[target.value()] += bytes;
    const Bandwidth alone = slower(rates.out[source.value()], rates.in[target.value()]);
    bounds.longest = std::max(bounds.longest, alone.time_for(bytes));
    const std::uint64_t from = domain_key(view.node(source).domain, rates.domain_level);
    const std::uint64_t to = domain_key(view.node(target).domain, rates.domain_level);
    if (from == to) continue;
    leaving[from] += bytes;
    arriving[to] += bytes;
  }
  for (std::size_t node = 0; node < out.size(); ++node) {
    bounds.node_out = std::max(bounds.node_out, rates.out[node].time_for(out[node]));
    bounds.node_in = std::max(bounds.node_in, rates.in[node].time_for(in[node]));
  }
  bounds.domain_out = longest_time(leaving, rates.domain_out);
  bounds.domain_in = longest_time(arriving, rates.domain_in);
  return bounds;
}

TimedSchedule timed_schedule(const TransferGraph& graph, const TransferRates& rates,
                             TransferOrder order) {
  return ListSchedule(graph, rates, order).run();
}

std::string flaw_of(const TransferGraph& graph, const TransferRates& rates,
                    const TimedSchedule& schedule) {
  // Ends come before starts at the same moment.
  std::vector<std::tuple<NodeId, Nanoseconds, std::int32_t>> changes;
  for (std::size_t i = 0; i < graph.transfers.size(); ++i) {
    const Transfer& transfer = graph.transfers[i];
    const auto& [start, end] = schedule.transfers[i];
    if (end - start < duration(graph, rates, transfer)) {
      return fmt::format("transfer {} is faster than its share", i);
    }
    if (end > schedule.makespan) return fmt::format("transfer {} ends after the makespan", i);
    if (start == end) continue;
    for (const NodeId node : {transfer.source, transfer.target}) {
      changes.emplace_back(node, start, 1);
      changes.emplace_back(node, end, -1);
    }
  }
  std::sort(changes.begin(), changes.end());
  std::vector<std::int64_t> busy(graph.capacities.size());
  for (const auto& [node, at, change] : changes) {
    busy[node.value()] += change;
    if (busy[node.value()] <= std::int64_t{graph.capacities[node.value()]}) continue;
    return fmt::format("{} is over its capacity of {}", node, graph.capacities[node.value()]);
  }
  return "";
}

}  // namespace shardproof::distribution
