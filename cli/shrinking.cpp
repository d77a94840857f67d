// SPDX-License-Identifier: Apache-2.0
#include "cli/shrinking.hpp"

#include <fmt/format.h>

#include "cli/campaign.hpp"
#include "cli/interrupt.hpp"
#include "cli/status_line.hpp"
#include "cli/terminal.hpp"
#include "cli/trial_pool.hpp"
#include "core/base/check.hpp"
#include "core/base/humanise.hpp"
#include "reports/result_directory.hpp"
#include "sim/campaign/claim_scope.hpp"
#include "sim/campaign/shrunk_text.hpp"
#include "sim/campaign/trial.hpp"
#include "sim/scenario/amounts.hpp"

namespace shardproof::cli {
namespace {

namespace campaign = sim::campaign;

std::string progress_text(const sim::ScenarioSpec& spec, std::uint64_t runs) {
  const campaign::ScenarioSize size = campaign::size_of(spec);
  return fmt::format("shrink  {}  {}, {}, {}, {}, {}", human_number_of(runs, "run"),
                     human_number_of(size.events, "event"),
                     human_number_of(size.settings, "setting"), human_number_of(size.nodes, "node"),
                     human_number_of(size.shards, "shard"), sim::to_text(spec.duration));
}

campaign::Shrunk shrink(const sim::ScenarioSpec& spec, const campaign::Trial& first,
                        const ShrinkingOptions& options) {
  StatusLine status(options.is_quiet);
  sim::ScenarioSpec smallest = spec;
  std::uint64_t runs = 0;
  const auto limit_ns = static_cast<std::uint64_t>(options.limit.count());
  TrialPool::Options pool;
  pool.wanted = *first.failure;
  // What takes much longer than the original is no smaller scenario.
  pool.events_max = 2 * first.events + 100'000;
  pool.processes = jobs_of(options.jobs);
  pool.goes_on = [&] {
    if (status.is_due()) status.draw(progress_text(smallest, runs));
    return !is_interrupted() && (limit_ns == 0 || status.elapsed_ns() < limit_ns);
  };
  campaign::ShrinkOptions strategy;
  strategy.is_of_use = [&](const sim::ScenarioSpec& candidate) {
    return campaign::is_within_scope(candidate, spec, *first.failure);
  };
  strategy.runs_max = options.runs_max;
  strategy.on_smaller = [&](const sim::ScenarioSpec& smaller, std::uint64_t so_far) {
    smallest = smaller;
    runs = so_far;
  };
  return campaign::shrink(spec, first.failure->time, TrialPool(std::move(pool)), strategy);
}

}  // namespace

std::optional<Shrinking> shrink_failing(const sim::ScenarioSpec& spec,
                                        const ShrinkingOptions& options) {
  const campaign::Trial first =
      campaign::try_scenario(spec, {~std::uint64_t{0}, [] { return !is_interrupted(); }});
  if (!first.failure) return std::nullopt;
  Shrinking shrinking{shrink(spec, first, options), {}, true};
  // What is said of the result is what its own run shows.
  const campaign::Trial last = campaign::try_scenario(shrinking.result.spec);
  SHARDPROOF_CHECK(last.failure && shows_the_same(*last.failure, *first.failure));
  shrinking.failure = *last.failure;
  return shrinking;
}

std::optional<Shrinking> shrink_to_file(const sim::ScenarioSpec& spec, const std::string& file,
                                        const ShrinkingOptions& options) {
  auto shrinking = shrink_failing(spec, options);
  if (!shrinking) return std::nullopt;
  const campaign::Shrunk& smallest = shrinking->result;
  const std::string text = campaign::shrunk_toml(
      {spec, smallest.spec, shrinking->failure, spec.name, file, "", smallest.runs});
  if (const auto written = reports::write_file(file, text); !written) {
    print_error(fmt::format("shardproof: {}\n", written.error().message));
    shrinking->is_written = false;
  }
  return shrinking;
}

}  // namespace shardproof::cli
