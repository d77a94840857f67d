// SPDX-License-Identifier: Apache-2.0
#include "cli/seed_run.hpp"

#include <exception>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "sim/run/runner.hpp"

namespace shardproof::cli {
namespace {

std::optional<sim::Failure> failure_of(const sim::RunResult& result) {
  if (!result.violations.empty()) {
    const sim::ViolationRecord& violation = result.violations.front();
    return sim::Failure{fmt::format("invariant {} {}", violation.invariant, violation.name),
                        violation.message};
  }
  for (const sim::ExpectationResult& expectation : result.expectations) {
    if (!expectation.held && expectation.evaluations > 0) {
      return sim::Failure{"expectation " + expectation.text, expectation.because};
    }
  }
  return std::nullopt;
}

/// "core/router.cpp:61: check failed: ..." without what differs from run to run.
sim::Failure internal_error(std::string_view message) {
  return {fmt::format("internal error {}", message.substr(0, message.find(": "))),
          std::string(message)};
}

SeedRun run_once(const sim::ScenarioSpec& spec, std::uint64_t& digest) {
  SeedRun run;
  try {
    const auto result = sim::run(spec, {});
    if (!result) {
      run.failure = sim::Failure{"set-up", result.error().message};
      return run;
    }
    run.events = result->events;
    run.simulated = result->simulated;
    run.is_inconclusive = result->verdict == sim::Verdict::kInconclusive;
    run.failure = failure_of(*result);
    digest = result->digest;
  } catch (const std::exception& error) {
    run.failure = internal_error(error.what());
  }
  return run;
}

}  // namespace

SeedRun run_seed(const sim::ScenarioSpec& spec, bool again) {
  std::uint64_t digest = 0;
  SeedRun run = run_once(spec, digest);
  if (!again && !run.failure) return run;
  std::uint64_t second_digest = 0;
  const SeedRun second = run_once(spec, second_digest);
  run.was_run_again = true;
  run.events += second.events;
  if (second_digest != digest) {
    run.failure = sim::Failure{"invariant 37 determinism",
                               fmt::format("two runs of one seed have the digests {:016x} and "
                                           "{:016x}",
                                           digest, second_digest)};
  }
  return run;
}

std::string encode(const SeedRun& run) {
  nlohmann::json document = {{"events", run.events},
                             {"simulated_ns", run.simulated.count()},
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
  run.was_run_again = document.at("was_run_again");
  run.is_inconclusive = document.at("is_inconclusive");
  if (document.contains("fingerprint")) {
    run.failure = sim::Failure{document.at("fingerprint"), document.at("message")};
  }
  return run;
}

}  // namespace shardproof::cli
