// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "sim/check/monitor.hpp"

namespace shardproof::sim::check {

/// A Switch needs a comparison of equal digests within the same migration, and the comparison needs
/// an answer that the target really sent.
class VerifiedSwitch : public Monitor<VerifiedSwitch> {
 public:
  static constexpr InvariantInfo kInvariant{23, "verified_switch",
                                            "a migration is switched only after source and target "
                                            "were compared and found equal, by answers "
                                            "of that migration"};
  using Monitor::Monitor;

  void on(const fact::CopyReported& reported, const At& at);
  void on(const fact::MigrationVerified& verified, const At& at);
  void on(const hook::Committing& commit, const At& at);

 private:
  struct Answer {
    MigrationId migration;
    NodeId from;
    std::uint64_t digest = 0;
  };
  struct Shard {
    /// What the target said of itself, the last two answers: an earlier one may be on its way.
    Answer last;
    Answer before_last;
    MigrationId verified;
  };
  Shard& state(ShardId shard);
  static std::string answer_text(const Answer& answer);

  std::vector<Shard> shards_;
};

}  // namespace shardproof::sim::check
