// SPDX-License-Identifier: Apache-2.0
#include "cli/seed_run.hpp"

#include <ctime>
#include <exception>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "sim/campaign/failure.hpp"
#include "sim/check/determinism.hpp"
#include "sim/observe/undecided.hpp"
#include "sim/run/bisection.hpp"

namespace shardproof::cli {
namespace {

sim::FailureText text_of(const sim::campaign::Failure& failure) {
  return {to_string(failure.fingerprint), failure.detail, failure.statement};
}

struct OneRun {
  SeedRun seed_run;
  std::optional<sim::RunResult> result;  ///< none: it ended from inside
};

OneRun run_once(const sim::ScenarioSpec& spec, sim::RunPlace* place) {
  OneRun run;
  sim::RunOptions options;
  options.place = place;
  SeedRun& kept = run.seed_run;
  try {
    auto result = sim::run(spec, options);
    if (!result) {
      kept.failure = text_of(sim::campaign::failure_of_set_up(result.error().message));
      return run;
    }
    kept.events = result->checkpoints.back().events;
    kept.simulated = result->simulated;
    kept.is_inconclusive = result->verdict == sim::Verdict::kInconclusive;
    if (kept.is_inconclusive && !result->undecided.empty()) {
      kept.undecided = result->undecided.front();
      kept.undecided_kinds = sim::undecided_kinds(*result);
    }
    kept.has_excused = !result->excused.empty();
    for (const sim::NamedCount& probe : result->probes) kept.probes.push_back(probe.count);
    if (const auto failure = sim::campaign::failure_of(*result)) kept.failure = text_of(*failure);
    run.result = std::move(*result);
  } catch (const std::exception& error) {
    kept.failure = text_of(sim::campaign::failure_of(error));
  }
  return run;
}

/// The first event that differs, if what makes the runs differ comes again.
std::string first_difference(const sim::ScenarioSpec& spec, const OneRun& first,
                             const OneRun& second) {
  const auto where = sim::first_divergence(first.result->checkpoints, second.result->checkpoints);
  const auto again = [&](const sim::RunOptions& options, bool) { return sim::run(spec, options); };
  try {
    const auto found = sim::find_first_difference(spec, *where, again);
    if (found && *found) return sim::to_string(**found);
  } catch (const std::exception& error) {
    return fmt::format("when made again, one ended with: {}", error.what());
  }
  return "made again, the runs did not differ there";
}

/// Whether two runs of one scenario are the same.
std::optional<sim::FailureText> compare(const sim::ScenarioSpec& spec, const OneRun& first,
                                        const OneRun& second) {
  const std::string fingerprint = fmt::format("invariant {} {}", sim::check::kDeterminism.number,
                                              sim::check::kDeterminism.name);
  if (first.result && second.result) {
    const auto violation = sim::check::compare_runs(*first.result, *second.result);
    if (!violation) return std::nullopt;
    return sim::FailureText{
        fingerprint,
        fmt::format("{}; {}", violation->message, first_difference(spec, first, second)),
        violation->statement};
  }
  const auto message = [](const OneRun& run) {
    return run.result ? fmt::format("digest {:016x}", run.result->digest)
                      : run.seed_run.failure->message;
  };
  if (message(first) == message(second)) return std::nullopt;
  return sim::FailureText{fingerprint,
                          fmt::format("two runs of one seed end with: {}; and with: {}",
                                      message(first), message(second)),
                          sim::check::kDeterminism.statement};
}

SeedRun run_and_compare(const SeedJob& job) {
  const OneRun first = run_once(job.spec, job.place);
  SeedRun run = first.seed_run;
  if (!job.again && !run.failure) return run;
  const OneRun second = run_once(job.spec, job.place);
  run.was_run_again = true;
  run.events += second.seed_run.events;
  if (auto difference = compare(job.spec, first, second)) run.failure = std::move(difference);
  return run;
}

/// Forgets a failure that the control shows as well.
void compare_with_control(const SeedJob& job, SeedRun& run) {
  if (!run.failure || !job.control) return;
  const SeedRun control = run_once(*job.control, job.place).seed_run;
  run.events += control.events;
  if (control.failure) run.failure.reset();
}

/// Of this process until now.
std::uint64_t cpu_ns() {
  return static_cast<std::uint64_t>(std::clock()) * (1'000'000'000 / CLOCKS_PER_SEC);
}

}  // namespace

SeedRun run_seed(const SeedJob& job) {
  const std::uint64_t started = cpu_ns();
  SeedRun run = run_and_compare(job);
  compare_with_control(job, run);
  run.cpu_ns = cpu_ns() - started;
  return run;
}

std::string encode(const SeedRun& run) {
  nlohmann::json document = {{"events", run.events},
                             {"simulated_ns", run.simulated.count()},
                             {"cpu_ns", run.cpu_ns},
                             {"was_run_again", run.was_run_again},
                             {"is_inconclusive", run.is_inconclusive},
                             {"undecided", run.undecided},
                             {"undecided_kinds", run.undecided_kinds},
                             {"has_excused", run.has_excused},
                             {"probes", run.probes}};
  if (run.failure) {
    document["fingerprint"] = run.failure->fingerprint;
    document["message"] = run.failure->message;
    document["statement"] = run.failure->statement;
  }
  // Reasons may quote bytes of a file that are no UTF-8.
  return document.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
}

SeedRun decode_seed_run(std::string_view text) {
  const auto document = nlohmann::json::parse(text);
  SeedRun run;
  run.events = document.at("events");
  run.simulated = Nanoseconds(document.at("simulated_ns").get<std::int64_t>());
  run.cpu_ns = document.at("cpu_ns");
  run.was_run_again = document.at("was_run_again");
  run.is_inconclusive = document.at("is_inconclusive");
  run.undecided = document.at("undecided");
  run.undecided_kinds = document.at("undecided_kinds").get<std::vector<std::string>>();
  run.has_excused = document.at("has_excused");
  run.probes = document.at("probes").get<std::vector<std::uint64_t>>();
  if (document.contains("fingerprint")) {
    run.failure = sim::FailureText{document.at("fingerprint"), document.at("message"),
                                   document.value("statement", "")};
  }
  return run;
}

}  // namespace shardproof::cli
