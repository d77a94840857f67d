// SPDX-License-Identifier: Apache-2.0
#include "core/distribution/optimum/even_bytes.hpp"

#include <algorithm>
#include <tuple>

#include "core/base/contains.hpp"
#include "core/base/wide.hpp"
#include "core/distribution/balanced_counts.hpp"
#include "core/distribution/bounds.hpp"

namespace shardproof::distribution {
namespace {

using Candidates = std::vector<SizedCandidate>;

Candidates::iterator at(Candidates& candidates, std::uint64_t index) {
  return candidates.begin() + static_cast<std::ptrdiff_t>(index);
}

/// A run of `count` neighbours.
struct Run {
  std::uint64_t begin = 0;
  std::uint64_t bytes = 0;
};

Run last_run_not_above(const Candidates& sorted, std::uint64_t count, std::uint64_t bytes) {
  Run run;
  for (std::uint64_t i = 0; i < count; ++i) run.bytes += sorted[i].bytes;
  while (run.begin + count < sorted.size()) {
    const std::uint64_t next =
        run.bytes - sorted[run.begin].bytes + sorted[run.begin + count].bytes;
    if (next > bytes) break;
    run = {run.begin + 1, next};
  }
  return run;
}

/// One candidate of the run for one outside of it.
struct Exchange {
  std::uint64_t inside = 0;
  std::uint64_t outside = 0;
};

std::uint64_t distance(std::uint64_t a, std::uint64_t b) { return a < b ? b - a : a - b; }

/// Exchanges the two that bring the run closest to `bytes`, if any do.
void refine(Candidates& sorted, Run run, std::uint64_t count, std::uint64_t bytes) {
  std::uint64_t least = distance(run.bytes, bytes);
  bool found = false;
  Exchange best;
  const auto smaller = [](const SizedCandidate& each, std::uint64_t size) {
    return each.bytes < size;
  };
  const auto consider = [&](std::uint64_t inside, std::uint64_t outside) {
    const std::uint64_t with = run.bytes - sorted[inside].bytes + sorted[outside].bytes;
    if (distance(with, bytes) >= least) return;
    least = distance(with, bytes);
    best = {inside, outside};
    found = true;
  };
  const auto behind = at(sorted, run.begin + count);
  for (std::uint64_t i = run.begin; i < run.begin + count && bytes > run.bytes; ++i) {
    const std::uint64_t wanted = sorted[i].bytes + (bytes - run.bytes);
    const auto above = std::lower_bound(behind, sorted.end(), wanted, smaller);
    const auto index = static_cast<std::uint64_t>(above - sorted.begin());
    if (above != sorted.end()) consider(i, index);
    if (above != behind) consider(i, index - 1);
  }
  if (found) std::swap(sorted[best.inside], sorted[best.outside]);
}

}  // namespace

std::vector<std::uint64_t> shares_of_bytes(const ClusterView& view) {
  std::vector<std::uint64_t> shares(view.nodes.size());
  const std::vector<bool> members = members_after_changes(view);
  if (!contains(members, true)) return shares;
  for (const CountPool& pool : balanced_counts(view, members)) {
    UInt128 weight = 0;
    for (const CountTarget& each : pool.targets) weight += each.weight;
    for (const CountTarget& each : pool.targets) {
      const UInt128 scaled = static_cast<UInt128>(pool.bytes) * each.weight;
      shares[each.node.value()] = static_cast<std::uint64_t>(scaled / weight);
    }
  }
  return shares;
}

std::vector<std::uint32_t> order_to_give(std::vector<SizedCandidate> candidates,
                                         std::uint64_t count, std::uint64_t bytes) {
  count = std::min<std::uint64_t>(count, candidates.size());
  const auto by_key = [](const SizedCandidate& a, const SizedCandidate& b) {
    return a.key < b.key;
  };
  std::sort(candidates.begin(), candidates.end(),
            [](const SizedCandidate& a, const SizedCandidate& b) {
              return std::tie(a.bytes, a.key) < std::tie(b.bytes, b.key);
            });
  const Run run = last_run_not_above(candidates, count, bytes);
  refine(candidates, run, count, bytes);
  std::rotate(candidates.begin(), at(candidates, run.begin), at(candidates, run.begin + count));
  std::sort(candidates.begin(), at(candidates, count), by_key);
  std::sort(at(candidates, count), candidates.end(), by_key);
  std::vector<std::uint32_t> order;
  for (const SizedCandidate& each : candidates) order.push_back(each.copy);
  return order;
}

}  // namespace shardproof::distribution
