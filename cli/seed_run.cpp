// SPDX-License-Identifier: Apache-2.0
#include "cli/seed_run.hpp"

#include <ctime>
#include <exception>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "sim/campaign/failure.hpp"
#include "sim/run/runner.hpp"

namespace shardproof::cli {
namespace {

sim::FailureText text_of(const sim::campaign::Failure& failure) {
  return {to_string(failure.fingerprint), failure.detail};
}

SeedRun run_once(const sim::ScenarioSpec& spec, std::uint64_t& digest) {
  SeedRun run;
  try {
    const auto result = sim::run(spec, {});
    if (!result) {
      run.failure = text_of(sim::campaign::failure_of_set_up(result.error().message));
      return run;
    }
    run.events = result->events;
    run.simulated = result->simulated;
    run.is_inconclusive = result->verdict == sim::Verdict::kInconclusive;
    if (const auto failure = sim::campaign::failure_of(*result)) run.failure = text_of(*failure);
    digest = result->digest;
  } catch (const std::exception& error) {
    run.failure = text_of(sim::campaign::failure_of(error));
  }
  return run;
}

SeedRun run_and_compare(const SeedJob& job) {
  std::uint64_t digest = 0;
  SeedRun run = run_once(job.spec, digest);
  if (!job.again && !run.failure) return run;
  std::uint64_t second_digest = 0;
  const SeedRun second = run_once(job.spec, second_digest);
  run.was_run_again = true;
  run.events += second.events;
  if (second_digest != digest) {
    run.failure = sim::FailureText{"invariant 37 determinism",
                                   fmt::format("two runs of one seed have the digests {:016x} and "
                                               "{:016x}",
                                               digest, second_digest)};
  }
  return run;
}

/// Forgets a failure that the control shows as well.
void compare_with_control(const SeedJob& job, SeedRun& run) {
  if (!run.failure || !job.control) return;
  std::uint64_t digest = 0;
  const SeedRun control = run_once(*job.control, digest);
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
                             {"is_inconclusive", run.is_inconclusive}};
  if (run.failure) {
    document["fingerprint"] = run.failure->fingerprint;
    document["message"] = run.failure->message;
  }
  return document.dump();
}

SeedRun decode_seed_run(std::string_view text) {
  const auto document = nlohmann::json::parse(text);
  SeedRun run;
  run.events = document.at("events");
  run.simulated = Nanoseconds(document.at("simulated_ns").get<std::int64_t>());
  run.cpu_ns = document.at("cpu_ns");
  run.was_run_again = document.at("was_run_again");
  run.is_inconclusive = document.at("is_inconclusive");
  if (document.contains("fingerprint")) {
    run.failure = sim::FailureText{document.at("fingerprint"), document.at("message")};
  }
  return run;
}

}  // namespace shardproof::cli
