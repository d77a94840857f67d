// SPDX-License-Identifier: Apache-2.0
#include "cli/campaign.hpp"

#include <algorithm>
#include <cstring>
#include <map>
#include <new>
#include <set>
#include <thread>

#include <fmt/format.h>

#include "cli/interrupt.hpp"
#include "cli/seed_run.hpp"
#include "cli/status_line.hpp"
#include "cli/worker_pool.hpp"
#include "core/base/humanise.hpp"
#include "core/probes.hpp"
#include "sim/observe/run_result.hpp"

namespace shardproof::cli {
namespace {

SeedJob job_of(const CampaignOptions& options, std::uint64_t seed, sim::RunPlace* place) {
  SeedJob job{options.make(seed), seed % kRunAgainEvery == 0, std::nullopt, place};
  if (options.make_control) job.control = options.make_control(seed);
  return job;
}

/// In a child: what goes wrong with the making of a scenario is a finding of its seed, too.
std::string do_job(const CampaignOptions& options, std::uint64_t seed, sim::RunPlace* place) {
  try {
    return encode(run_seed(job_of(options, seed, place)));
  } catch (const std::exception& error) {
    SeedRun run;
    run.failure = sim::FailureText{"making the scenario", error.what()};
    return encode(run);
  }
}

/// Where the run stood that a child died of; empty if it had not come to an event.
std::string place_on(const WorkerPool::Slate& slate) {
  sim::RunPlace place;
  static_assert(sizeof place <= sizeof slate);
  std::memcpy(&place, slate.data(), sizeof place);
  return place.event == 0 ? "" : text_of(place);
}

/// A campaign under way.
class Campaign {
 public:
  explicit Campaign(const CampaignOptions& options)
      : options_(options),
        status_(options.is_quiet),
        pool_(
            options.jobs, [this](std::uint64_t seed) { return do_job(options_, seed, place_); },
            kSeedLimit, [this](WorkerPool::Slate& slate) { place_ = new (&slate) sim::RunPlace; }) {
    is_last_given_ = options.shard.index - 1 > options.seeds.last - options.seeds.first;
    next_ = options.seeds.first + (is_last_given_ ? 0 : options.shard.index - 1);
    result_.first_seed = options.seeds.first;
    if (options.shard.count > 1) {
      result_.shard = fmt::format("{}/{}", options.shard.index, options.shard.count);
    }
    result_.jobs = options.jobs;
    for (const ProbeInfo& probe : probe_catalogue()) {
      result_.probes.push_back({std::string(probe.name), 0});
    }
  }

  /// Counts what was done before.
  void resume(const std::vector<SeedOutcome>& done) {
    for (const SeedOutcome& outcome : done) {
      if (done_before_.insert(outcome.seed).second) absorb(outcome);
    }
    result_.resumed_seeds = result_.seeds_run;
    result_.resumed_events = result_.events;
  }

  Result<sim::CampaignResult> run() {
    while (hand_out() || pool_.is_busy()) {
      // Short enough for the progress, and for an interrupt that came in between.
      if (auto done = pool_.wait(100)) {
        if (auto taken = take(*done); !taken) return fail("{}", taken.error().message);
      }
      if (is_interrupted()) break;
      if (status_.is_due()) status_.draw(line());
    }
    return finish();
  }

  sim::CampaignResult finish() {
    result_.findings.clear();
    for (auto& [fingerprint, finding] : findings_) {
      sim::RunResult place;
      place.command = "fuzz";
      place.file = options_.file;
      place.arguments = options_.arguments;
      place.seed = finding.seeds.front();
      finding.replay = place.replay_line();
      result_.findings.push_back(std::move(finding));
    }
    std::sort(result_.findings.begin(), result_.findings.end(), [](const auto& a, const auto& b) {
      return std::tie(a.seeds.front(), a.failure.fingerprint) <
             std::tie(b.seeds.front(), b.failure.fingerprint);
    });
    result_.inconclusive_kinds.clear();
    for (const auto& [kind, count] : undecided_kinds_) {
      result_.inconclusive_kinds.push_back({kind, count});
    }
    std::stable_sort(result_.inconclusive_kinds.begin(), result_.inconclusive_kinds.end(),
                     [](const auto& a, const auto& b) { return a.count > b.count; });
    result_.interrupted = is_interrupted();
    result_.wall_ns = status_.elapsed_ns();
    return result_;
  }

 private:
  /// Keeps every child busy; false if there is nothing more to begin.
  bool hand_out() {
    while (!is_over() && pool_.has_idle()) {
      if (done_before_.count(next_) == 0) pool_.give(next_);
      is_last_given_ = options_.seeds.last - next_ < options_.shard.count;
      next_ += options_.shard.count;
    }
    return !is_over();
  }

  bool is_over() const {
    if (is_last_given_) return true;
    if (options_.stops_at_finding && !findings_.empty()) return true;
    return options_.time_limit &&
           status_.elapsed_ns() >= static_cast<std::uint64_t>(options_.time_limit->count());
  }

  Result<void> take(const WorkerPool::Done& done) {
    const SeedOutcome outcome{done.job, done.death ? SeedRun() : decode_seed_run(done.answer),
                              done.death, done.death ? place_on(done.slate) : ""};
    if (options_.journal != nullptr) {
      if (auto added = options_.journal->add(outcome); !added) return added;
    }
    absorb(outcome);
    return {};
  }

  void absorb(const SeedOutcome& outcome) {
    ++result_.seeds_run;
    if (outcome.death) {
      std::string message = "the run gave no answer";
      if (!outcome.place.empty()) message += "; it ended " + outcome.place;
      note(outcome.seed, {"process " + *outcome.death, std::move(message)}, true);
      return;
    }
    const SeedRun& run = outcome.run;
    result_.events += run.events;
    result_.simulated += run.simulated;
    result_.cpu_ns += run.cpu_ns;
    result_.runs_again += run.was_run_again ? 1 : 0;
    result_.inconclusive += run.is_inconclusive ? 1 : 0;
    const bool is_lowest = !result_.inconclusive_seed || outcome.seed < *result_.inconclusive_seed;
    if (run.is_inconclusive && is_lowest) {
      result_.inconclusive_seed = outcome.seed;
      result_.inconclusive_reason = run.undecided;
    }
    for (const std::string& kind : run.undecided_kinds) ++undecided_kinds_[kind];
    result_.excused += run.has_excused ? 1 : 0;
    for (std::size_t i = 0; i < run.probes.size(); ++i) result_.probes[i].count += run.probes[i];
    if (run.failure) note(outcome.seed, *run.failure);
  }

  void note(std::uint64_t seed, const sim::FailureText& failure, bool is_crash = false) {
    sim::CampaignFinding& finding = findings_[failure.fingerprint];
    finding.is_crash = is_crash;
    ++finding.count;
    const bool is_lowest = finding.seeds.empty() || seed < finding.seeds.front();
    if (is_lowest) finding.failure = failure;
    finding.seeds.insert(std::lower_bound(finding.seeds.begin(), finding.seeds.end(), seed), seed);
    if (finding.seeds.size() > sim::kSeedsKept) finding.seeds.pop_back();
  }

  std::size_t probes_hit() const {
    return static_cast<std::size_t>(
        std::count_if(result_.probes.begin(), result_.probes.end(),
                      [](const sim::NamedCount& probe) { return probe.count > 0; }));
  }

  /// "fuzz  1,234 seeds done: 31.2 seeds/s, 1.42 M events/s, probes hit 31/40, no finding"
  std::string line() const {
    const double elapsed = static_cast<double>(status_.elapsed_ns()) / 1e9;
    return fmt::format(
        "{}  {} done: {:.1f} seeds/s, {} events/s, probes hit {}/{}, {}", options_.label,
        human_number_of(result_.seeds_run, "seed"),
        static_cast<double>(result_.seeds_run - result_.resumed_seeds) / elapsed,
        human_scaled(static_cast<double>(result_.events - result_.resumed_events) / elapsed),
        probes_hit(), result_.probes.size(),
        findings_.empty() ? "no finding"
                          : human_number_of(findings_.size(), "kind") + " of finding");
  }

  const CampaignOptions& options_;
  std::set<std::uint64_t> done_before_;
  StatusLine status_;
  sim::CampaignResult result_;
  std::map<std::string, sim::CampaignFinding> findings_;
  std::map<std::string, std::uint64_t> undecided_kinds_;
  std::uint64_t next_ = 0;
  bool is_last_given_ = false;
  /// In a child: on its slate.
  sim::RunPlace* place_ = nullptr;
  WorkerPool pool_;
};

}  // namespace

std::size_t jobs_of(std::size_t wanted) {
  if (wanted > 0) return wanted;
  return std::max<std::size_t>(1, std::thread::hardware_concurrency());
}

Result<sim::CampaignResult> run_campaign(const CampaignOptions& options) {
  Campaign campaign(options);
  if (options.journal != nullptr) campaign.resume(options.journal->done());
  return campaign.run();
}

sim::CampaignResult count_campaign(const CampaignOptions& options,
                                   const std::vector<SeedOutcome>& done) {
  Campaign campaign(options);
  campaign.resume(done);
  return campaign.finish();
}

}  // namespace shardproof::cli
