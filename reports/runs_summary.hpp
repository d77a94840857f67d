// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "reports/style.hpp"
#include "sim/observe/run_result.hpp"

namespace shardproof::reports {

/// What several runs came to together: how many passed, and of the others groups by what was found.
///
/// A run belongs to a group for each invariant that it violated and each expectation that did not
/// hold; if there are none, to one for each reason why it is inconclusive.
class RunsSummary {
 public:
  /// Runs of one scenario with the same finding.
  struct Group {
    /// None: the run ended with an error.
    std::optional<sim::Verdict> verdict;
    std::string scenario;
    /// "invariant 5, single owner", "expected client.failed == 0 at the end", a reason or an error.
    std::string what;
    std::uint64_t runs = 0;
    /// Of the first kSeedsKept runs, in the order of running.
    std::vector<std::uint64_t> seeds;
    /// Of the first run, from its scenario.
    std::string replay;
    /// Of the first run: where its results are kept; empty if they are not.
    std::string directory;
  };
  static constexpr std::size_t kSeedsKept = 20;

  /// `planned`: runs that are to be done.
  explicit RunsSummary(std::uint64_t planned) : planned_(planned) {}

  /// Whether every finding of the run is of a group that an earlier one has opened. O(groups).
  bool is_known(const sim::RunResult& result) const;
  /// `directory`: where its results are kept; empty if they are not.
  void add(const sim::RunResult& result, const std::string& directory = {});
  /// A run that ended without a result.
  void add_error(const sim::RunResult& place, const std::string& message);

  std::uint64_t passed() const { return passed_; }
  /// Failures first, then errors, then what is inconclusive; each in the order in which they were
  /// found.
  std::vector<Group> groups() const;

  /// The counts on one line, then the groups with their seeds and the line that replays the first.
  /// `wall_ns`: real time of all runs.
  std::string text(std::uint64_t wall_ns, const Style& style) const;
  /// `{"summary": {...}}` on one line, without a final newline. Nothing in it depends on real time.
  std::string json() const;

 private:
  void count(const Group& finding, const sim::RunResult& result, const std::string& directory);
  std::string counts_text() const;
  std::uint64_t done() const { return passed_ + failed_ + inconclusive_ + errors_; }

  std::uint64_t planned_ = 0;
  std::uint64_t passed_ = 0;
  std::uint64_t failed_ = 0;
  std::uint64_t inconclusive_ = 0;
  std::uint64_t errors_ = 0;
  std::uint64_t events_ = 0;
  /// In the order in which they were found.
  std::vector<Group> groups_;
};

/// What was found in a run, as a summary names it: "invariant 5, single owner", ...; empty if it
/// passed.
std::vector<std::string> findings_of(const sim::RunResult& result);

}  // namespace shardproof::reports
