// SPDX-License-Identifier: Apache-2.0
#include "core/distribution/optimum/exchange_bytes.hpp"

#include <algorithm>
#include <cstdlib>
#include <optional>
#include <tuple>

#include "core/distribution/optimum/even_bytes.hpp"

namespace shardproof::distribution {
namespace {

constexpr std::size_t kExchangePartners = 8;
constexpr std::uint64_t kSmallestPart = 64;

struct PricedCopy {
  std::uint64_t bytes = 0;
  std::int64_t price = 0;  ///< of moving it
  CopyIndex copy = 0;

  friend auto operator<=>(const PricedCopy&, const PricedCopy&) = default;
};

struct CopyPair {
  CopyIndex forth = 0;
  CopyIndex back = 0;
};

class ByteExchanges {
 public:
  explicit ByteExchanges(Draft& draft) : draft_(draft), shares_(shares_of_bytes(draft.view())) {
    for (const ShardView& shard : draft.view().shards) {
      const std::vector<NodeId> copies = planned_copies(shard);
      origins_.insert(origins_.end(), copies.begin(), copies.end());
    }
    for (const NodeView& node : draft.view().nodes) {
      if (draft.takes_copies(node.id)) nodes_.push_back(node.id);
    }
  }

  /// One round over the nodes outside their band; those for which nothing helps are not tried again
  /// in it. True if anything was exchanged.
  bool run() {
    bool exchanged = false;
    untried_.assign(shares_.size(), 1);
    for (NodeId node = furthest_out(); node.has_value(); node = furthest_out()) {
      if (relieve(node)) {
        exchanged = true;
      } else {
        untried_[node.value()] = 0;
      }
    }
    return exchanged;
  }

 private:
  std::int64_t over(NodeId node) const {
    return static_cast<std::int64_t>(draft_.bytes(node).count()) -
           static_cast<std::int64_t>(shares_[node.value()]);
  }

  NodeId furthest_out() const {
    NodeId furthest;
    std::int64_t most = 0;
    for (const NodeId node : nodes_) {
      if (!untried_[node.value()]) continue;
      const std::uint64_t band = draft_.options().bytes_band.of(shares_[node.value()]);
      const auto allowed = static_cast<std::int64_t>(band);
      const std::int64_t distance = std::abs(over(node)) - allowed;
      if (distance > most) std::tie(furthest, most) = std::tie(node, distance);
    }
    return furthest;
  }

  /// On the other side of their share, furthest from it first.
  std::vector<NodeId> partners(NodeId node) const {
    const std::int64_t sign = over(node) > 0 ? 1 : -1;
    std::vector<std::pair<std::int64_t, NodeId>> others;
    for (const NodeId other : nodes_) {
      if (sign * over(other) < 0) others.emplace_back(sign * over(other), other);
    }
    const std::size_t kept = std::min(kExchangePartners, others.size());
    std::partial_sort(others.begin(), others.begin() + static_cast<std::ptrdiff_t>(kept),
                      others.end());
    std::vector<NodeId> result;
    for (std::size_t i = 0; i < kept; ++i) result.push_back(others[i].second);
    return result;
  }

  bool relieve(NodeId node) {
    const bool is_over = over(node) > 0;
    for (const NodeId partner : partners(node)) {
      const NodeId source = is_over ? node : partner;
      const NodeId target = is_over ? partner : node;
      const auto pair = cheapest_pair(source, target);
      if (!pair) continue;
      draft_.move(pair->forth, target, MoveReason::Balance);
      draft_.move(pair->back, source, MoveReason::Balance);
      return true;
    }
    return false;
  }

  std::int64_t price(CopyIndex copy, NodeId target) const {
    const auto bytes = static_cast<std::int64_t>(draft_.bytes_of(copy).count());
    const NodeId origin = origins_[copy];
    return (target == origin ? 0 : bytes) - (draft_.node_of(copy) == origin ? 0 : bytes);
  }

  /// By size.
  std::vector<PricedCopy> movable(NodeId source, NodeId target) const {
    std::vector<PricedCopy> copies;
    for (const CopyIndex copy : draft_.copies_on(source)) {
      if (!draft_.is_whole(draft_.shard_of(copy))) continue;
      if (!draft_.may_move(copy, target, draft_.collision(copy))) continue;
      copies.push_back({draft_.bytes_of(copy).count(), price(copy, target), copy});
    }
    std::sort(copies.begin(), copies.end());
    return copies;
  }

  /// Of the pairs whose net is between a half and three halves of what is wanted the cheapest; if
  /// there is none, from a quarter on, and so on down to a 64th.
  std::optional<CopyPair> cheapest_pair(NodeId source, NodeId target) const {
    const auto wanted = static_cast<std::uint64_t>(std::min(over(source), -over(target)));
    const std::vector<PricedCopy> forth = movable(source, target);
    const std::vector<PricedCopy> back = movable(target, source);
    for (std::uint64_t part = 2; part <= kSmallestPart; part *= 2) {
      const std::uint64_t least = std::max<std::uint64_t>(wanted / part, 1);
      if (const auto pair = cheapest_of(forth, back, least, wanted + wanted / 2)) return pair;
    }
    return std::nullopt;
  }

  static std::optional<CopyPair> cheapest_of(const std::vector<PricedCopy>& forth,
                                             const std::vector<PricedCopy>& back,
                                             std::uint64_t least, std::uint64_t most) {
    std::optional<CopyPair> best;
    std::int64_t best_price = 0;
    // Both ends of the window of what may come back rise with what is sent.
    CheapestInWindow window(back);
    for (const auto& [bytes, price, copy] : forth) {
      if (bytes < least) continue;
      window.advance(bytes > most ? bytes - most : 0, bytes - least);
      const PricedCopy* other = window.cheapest();
      if (other == nullptr) continue;
      if (best && price + other->price >= best_price) continue;
      best = CopyPair{copy, other->copy};
      best_price = price + other->price;
    }
    return best;
  }

  /// The cheapest of those copies whose size is in a window that only ever moves up.
  class CheapestInWindow {
   public:
    explicit CheapestInWindow(const std::vector<PricedCopy>& sorted) : sorted_(sorted) {}

    void advance(std::uint64_t low, std::uint64_t high) {
      for (; end_ < sorted_.size() && sorted_[end_].bytes <= high; ++end_) {
        // What is dearer and leaves the window sooner is never the cheapest again.
        while (rising_.size() > first_ && sorted_[rising_.back()].price >= sorted_[end_].price) {
          rising_.pop_back();
        }
        rising_.push_back(end_);
      }
      while (first_ < rising_.size() && sorted_[rising_[first_]].bytes < low) ++first_;
    }
    const PricedCopy* cheapest() const {
      return first_ < rising_.size() ? &sorted_[rising_[first_]] : nullptr;
    }

   private:
    const std::vector<PricedCopy>& sorted_;
    std::vector<std::size_t> rising_;  // in the window from first_ on, by price
    std::size_t first_ = 0;
    std::size_t end_ = 0;
  };

  Draft& draft_;
  std::vector<NodeId> origins_;        // by copy
  std::vector<NodeId> nodes_;          // that take copies
  std::vector<std::uint64_t> shares_;  // by node
  std::vector<char> untried_;          // by node
};

}  // namespace

void exchange_bytes(Draft& draft) {
  ByteExchanges exchanges(draft);
  while (exchanges.run()) {
  }
}

}  // namespace shardproof::distribution
