// SPDX-License-Identifier: Apache-2.0
#include "core/distribution/optimum/list_schedule.hpp"

#include <algorithm>
#include <bit>
#include <limits>

namespace shardproof::distribution {
namespace {

using Bits = std::vector<std::uint64_t>;

constexpr std::size_t kBits = 64;

/// How many transfers of a node there are in each round, and which rounds are full. The numbers are
/// kept digit by digit in binary, one bit of each round beside the other: a node may have few
/// transfers among very many rounds.
class Rounds {
 public:
  void add(std::size_t round, std::uint32_t capacity) {
    std::uint32_t count = 0;
    bool carry = true;
    for (std::size_t digit = 0; std::uint32_t{1} << digit < capacity; ++digit) {
      if (digit >= digits_.size()) digits_.emplace_back();
      std::uint64_t& word = grown(digits_[digit], round / kBits);
      word ^= std::uint64_t{carry} << (round % kBits);
      const bool bit = (word >> (round % kBits) & 1) != 0;
      carry = carry && !bit;
      count |= std::uint32_t{bit} << digit;
    }
    if (count < capacity && !carry) return;
    grown(full_, round / kBits) |= std::uint64_t{1} << (round % kBits);
    while (full_word(words_full_) == std::numeric_limits<std::uint64_t>::max()) ++words_full_;
  }
  std::uint64_t full_word(std::size_t word) const { return word < full_.size() ? full_[word] : 0; }
  /// So many words are full from the first one on.
  std::size_t words_full() const { return words_full_; }

 private:
  static std::uint64_t& grown(Bits& bits, std::size_t word) {
    if (word >= bits.size()) bits.resize(word + 1);
    return bits[word];
  }

  std::vector<Bits> digits_;  // the lowest first
  Bits full_;
  std::size_t words_full_ = 0;
};

std::size_t first_open_round(const Rounds& a, const Rounds& b) {
  for (std::size_t word = std::max(a.words_full(), b.words_full());; ++word) {
    const std::uint64_t full = a.full_word(word) | b.full_word(word);
    if (full == std::numeric_limits<std::uint64_t>::max()) continue;
    return word * kBits + static_cast<std::size_t>(std::countr_one(full));
  }
}

}  // namespace

RoundSchedule fifo_schedule(const TransferGraph& graph) {
  RoundSchedule schedule;
  std::vector<std::uint32_t> busy(graph.capacities.size());
  const auto is_full = [&](NodeId node) {
    return busy[node.value()] == graph.capacities[node.value()];
  };
  for (std::uint32_t i = 0; i < graph.transfers.size(); ++i) {
    const Transfer& transfer = graph.transfers[i];
    if (schedule.rounds.empty() || is_full(transfer.source) || is_full(transfer.target)) {
      schedule.rounds.emplace_back();
      std::fill(busy.begin(), busy.end(), 0);
    }
    schedule.rounds.back().push_back(i);
    ++busy[transfer.source.value()];
    ++busy[transfer.target.value()];
  }
  return schedule;
}

RoundSchedule list_schedule(const TransferGraph& graph) {
  std::vector<Rounds> nodes(graph.capacities.size());
  std::vector<std::uint32_t> colours;
  std::size_t count = 0;
  for (const Transfer& transfer : graph.transfers) {
    const std::uint32_t source = transfer.source.value();
    const std::uint32_t target = transfer.target.value();
    const std::size_t round = first_open_round(nodes[source], nodes[target]);
    nodes[source].add(round, graph.capacities[source]);
    nodes[target].add(round, graph.capacities[target]);
    colours.push_back(static_cast<std::uint32_t>(round));
    count = std::max(count, round + 1);
  }
  return rounds_of(colours, count);
}

}  // namespace shardproof::distribution
