// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "cli/seed_run.hpp"
#include "core/base/result.hpp"

namespace shardproof::cli {

/// What became of one seed of a campaign.
struct SeedOutcome {
  std::uint64_t seed = 0;
  SeedRun run;                       ///< nothing in it if the process died
  std::optional<std::string> death;  ///< what a person would say of it
  std::string place;                 ///< of a death: where the run stood then; may be empty
};

/// What tells one campaign from another, and the part of it that a machine does.
struct CampaignIdentity {
  std::vector<std::string> arguments;  ///< of the command line that does the same
  std::uint64_t program = 0;           ///< digest of the program
  std::uint64_t base = 0;              ///< digest of the scenario around which it is; 0: none
  std::uint64_t first_seed = 0;
  std::uint64_t last_seed = 0;
  std::string rules_off;
  std::string shard;  ///< "2/3"; "1/1" for the whole

  /// Whether both make the same runs of the same seeds, by the same program.
  bool is_same(const CampaignIdentity& other) const;
  /// The same, whatever part of it each is and whichever build makes it.
  bool is_same_whole(const CampaignIdentity& other) const;
};

/// `progress.jsonl` of a campaign's directory: a line that names the campaign, and one for each
/// seed that is done, in the order in which they were. Every line is written by one system call, so
/// that a process that is killed leaves whole lines, and at most a broken one at the end when the
/// machine goes down. That one is cut off.
class Journal {
 public:
  struct Content {
    CampaignIdentity identity;
    std::vector<SeedOutcome> done;
    std::uint64_t size = 0;  ///< bytes of all whole lines
  };

  /// The journal in that directory. An error if there is none, or something else.
  static Result<Content> read(const std::string& directory);
  /// Goes on with the journal in that directory, or begins one. An error if it is of another
  /// campaign, or a process that works on it is alive, or it cannot be written.
  static Result<Journal> open(const std::string& directory, const CampaignIdentity& identity);

  Journal(Journal&& other) noexcept;
  Journal(const Journal&) = delete;
  Journal& operator=(const Journal&) = delete;
  ~Journal();

  /// What earlier processes have done.
  const std::vector<SeedOutcome>& done() const { return done_; }
  Result<void> add(const SeedOutcome& outcome);

 private:
  Journal(int file, std::string path) : file_(file), path_(std::move(path)) {}
  Result<void> write_line(std::string line);

  int file_;
  std::string path_;
  std::vector<SeedOutcome> done_;
};

}  // namespace shardproof::cli
