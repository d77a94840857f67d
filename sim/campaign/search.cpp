// SPDX-License-Identifier: Apache-2.0
#include "sim/campaign/search.hpp"

#include <algorithm>

#include "sim/campaign/make_valid.hpp"
#include "sim/scenario/printer.hpp"

namespace shardproof::sim::campaign {

/// Candidates to run: of each its text and the place that the caller gave it.
struct Search::Batch {
  std::vector<ScenarioSpec> specs;
  std::vector<std::string> texts;
  std::vector<std::size_t> places;
};

Search::Search(const ScenarioSpec& start, std::optional<Nanoseconds> failed_at,
               const Reproduces& reproduces, const ShrinkOptions& options)
    : reproduces_(reproduces),
      options_(options),
      current_(start),
      failed_at_(failed_at),
      is_over_(options.runs_max == 0) {}

void Search::plan(ScenarioSpec candidate, std::size_t index, Batch& batch) const {
  if (batch.specs.size() >= options_.runs_max - runs_) return;
  std::string text = to_toml(candidate);
  const bool is_planned =
      std::find(batch.texts.begin(), batch.texts.end(), text) != batch.texts.end();
  if (is_planned || rejected_.contains(text)) return;
  batch.specs.push_back(std::move(candidate));
  batch.texts.push_back(std::move(text));
  batch.places.push_back(index);
}

std::optional<std::size_t> Search::try_first(std::vector<ScenarioSpec> candidates,
                                             std::uint64_t seeds) {
  if (is_over_) return std::nullopt;
  Batch batch;
  for (std::size_t i = 0; i < candidates.size(); ++i) {
    ScenarioSpec& candidate = candidates[i];
    make_valid(candidate);
    // Another seed alone makes nothing simpler, and would go round for ever.
    candidate.seed = current_.seed;
    if (candidate == current_) continue;
    if (options_.is_of_use && !options_.is_of_use(candidate)) continue;
    plan(candidate, i, batch);
    for (std::uint64_t seed = 1; seed <= std::max(seeds, seeds_); ++seed) {
      candidate.seed = seed;
      if (seed != current_.seed) plan(candidate, i, batch);
    }
  }
  if (batch.specs.empty()) return std::nullopt;
  const Reproduction found = reproduces_(batch.specs);
  const std::size_t run = found.index ? *found.index : batch.specs.size();
  for (std::size_t i = 0; i < run; ++i) rejected_.insert(std::move(batch.texts[i]));
  runs_ += run + (found.index ? 1 : 0);
  is_over_ = found.is_last || runs_ >= options_.runs_max;
  if (!found.index) return std::nullopt;
  current_ = std::move(batch.specs[*found.index]);
  failed_at_ = found.failed_at;
  ++steps_;
  if (options_.on_smaller) options_.on_smaller(current_, runs_);
  return batch.places[*found.index];
}

void Search::try_each(const std::vector<Edit>& edits, std::uint64_t seeds) {
  constexpr std::size_t kBatch = 8;
  for (std::size_t next = 0; next < edits.size() && !is_over_;) {
    const std::size_t end = std::min(next + kBatch, edits.size());
    std::vector<ScenarioSpec> candidates;
    for (std::size_t i = next; i < end; ++i) edits[i](candidates.emplace_back(current_));
    const auto found = try_first(std::move(candidates), seeds);
    next = found ? next + *found + 1 : end;
  }
}

void Search::lower(const std::vector<std::uint64_t>& values,
                   const std::function<void(ScenarioSpec&, std::uint64_t)>& set) {
  // Values below `low` do not fail; the one at `high` does, or is what the number is now.
  std::size_t low = 0;
  std::size_t high = values.size();
  while (low < high && !is_over_) {
    // The values that bisection comes by as long as none of them fails.
    std::vector<std::size_t> places;
    std::size_t from = low;
    if (low == 0) places.push_back(from++);
    for (; from < high; from = places.back() + 1) places.push_back(from + (high - from) / 2);
    std::vector<ScenarioSpec> candidates;
    for (const std::size_t place : places) set(candidates.emplace_back(current_), values[place]);
    const auto found = try_first(std::move(candidates));
    if (!found) return;
    high = places[*found];
    if (*found > 0) low = places[*found - 1] + 1;
  }
}

}  // namespace shardproof::sim::campaign
