// SPDX-License-Identifier: Apache-2.0
#include <set>

#include "sim/scenario/amounts.hpp"
#include "sim/scenario/codecs.hpp"
#include "sim/scenario/event_paths.hpp"
#include "sim/scenario/lint.hpp"
#include "sim/scenario/suggest.hpp"
#include "sim/scenario/versions.hpp"

namespace shardproof::sim {
namespace {

/// One pass over the versions of a scenario and over whatever names one.
class VersionCheck {
 public:
  VersionCheck(const ScenarioSpec& spec, const SourceNode& source, Diagnostics& diagnostics)
      : spec_(spec), source_(source), diagnostics_(diagnostics), all_(spec.all_versions()) {}

  void run() {
    check_names();
    for (std::size_t i = 1; i < all_.size(); ++i) {
      check_leases(i);
      check_windows(i);
    }
    for (std::size_t i = 0; i < spec_.events.size(); ++i) {
      const Action& action = spec_.events[i].action;
      check_version_of(action,
                       fmt::format("{}.{}.version", event_path(spec_, i), action_name(action)));
    }
    for (std::size_t i = 0; i < kChaosFamilies; ++i) {
      if (!spec_.chaos.faults[i]) continue;
      check_version_of(spec_.chaos.faults[i]->action,
                       fmt::format("chaos.{}.version", to_string(static_cast<ChaosFamily>(i))));
    }
  }

 private:
  void error(const std::string& path, std::string message, std::string suggestion = {}) {
    diagnostics_.error(locate(source_, path), std::move(message), std::move(suggestion));
  }

  static std::string path_of(std::size_t version) {
    return fmt::format("version[{}]", version - 1);
  }

  void check_names() {
    std::set<std::string> seen;
    for (std::size_t i = 1; i < all_.size(); ++i) {
      const std::string& name = all_[i].name;
      if (name == kFirstVersion) {
        error(path_of(i) + ".name",
              fmt::format("\"{}\" is the version that all nodes begin with", name),
              "give this one another name; what the first one does is said outside of [[version]]");
      } else if (!seen.insert(name).second) {
        error(path_of(i) + ".name", fmt::format("two versions are called \"{}\"", name));
      }
    }
  }

  /// Whoever is coordinator takes a node for dead that says nothing for the lease that it grants.
  /// The scenario's own lease is judged where it stands.
  void check_leases(std::size_t i) {
    const ProtocolSpec& own = all_[i].protocol;
    if (own == all_.front().protocol) return;
    if (own.lease <= own.heartbeat) {
      return error(path_of(i) + ".protocol",
                   fmt::format("the lease ({}) is not longer than the heartbeat ({})",
                               to_text(own.lease), to_text(own.heartbeat)));
    }
    for (std::size_t other = 0; other < i; ++other) {
      const ProtocolSpec& its = all_[other].protocol;
      const bool is_own_short = own.lease <= its.heartbeat;
      if (!is_own_short && its.lease > own.heartbeat) continue;
      return error(path_of(i) + ".protocol",
                   fmt::format("the lease of version \"{}\" ({}) is not longer than the heartbeat "
                               "of \"{}\" ({}): a coordinator of the one would take nodes of the "
                               "other for dead",
                               all_[is_own_short ? i : other].name,
                               to_text(is_own_short ? own.lease : its.lease),
                               all_[is_own_short ? other : i].name,
                               to_text(is_own_short ? its.heartbeat : own.heartbeat)),
                   "raise \"lease\" or lower \"heartbeat\"");
    }
  }

  /// Those of the scenario itself are judged where they stand.
  void check_windows(std::size_t i) {
    const auto& windows = all_[i].policy.limits.windows;
    if (windows == all_.front().policy.limits.windows) return;
    for (std::size_t w = 0; w < windows.size(); ++w) {
      if (is_within_run(windows[w], spec_)) continue;
      error(fmt::format("{}.policy.limits.windows[{}]", path_of(i), w),
            windows[w].daily
                ? "the window never opens in this run"
                : fmt::format("the window ends after the run ({})", to_text(spec_.duration)));
    }
  }

  void check_version_of(const Action& action, const std::string& path) {
    const auto* named = version_of(action);
    if (named == nullptr || !*named || find_version(spec_, **named)) return;
    std::vector<std::string_view> known;
    for (const VersionSpec& version : all_) known.push_back(version.name);
    const bool is_alone = spec_.versions.empty();
    error(path, fmt::format("unknown version \"{}\"", **named),
          is_alone ? fmt::format("add [[version]] with name = {}", toml_quoted(**named))
                   : suggest(**named, known));
  }

  const ScenarioSpec& spec_;
  const SourceNode& source_;
  Diagnostics& diagnostics_;
  /// The first one first, so that all_[i] is `version[i - 1]` of the file.
  std::vector<VersionSpec> all_;
};

}  // namespace

void check_versions(const ScenarioSpec& spec, const SourceNode& source, Diagnostics& diagnostics) {
  VersionCheck(spec, source, diagnostics).run();
}

}  // namespace shardproof::sim
