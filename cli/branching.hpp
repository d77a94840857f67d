// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <sys/types.h>

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "sim/run/run_watch.hpp"

namespace shardproof::cli {

/// A course of events that leaves a run at a point and goes on by other chance.
struct Branch {
  std::size_t point = 0;  ///< which of the points
  std::uint64_t number = 0;
};

/// Copies a running world at points of its run: the process is the copy (fork), so that whatever
/// the world consists of is copied, and nothing has to be kept copyable. Each copy draws from
/// streams of a seed of its own from there on. Whoever makes the run asks `is_branch` when it is
/// over: a copy then hands over its answer and ends.
///
/// Which copies there are and what they answer depends on the run, the points and the seed, not on
/// how many run at a time.
class Branching final : public sim::RunWatch {
 public:
  struct Plan {
    std::vector<std::uint64_t> points;  ///< numbers of events, ascending, no number twice
    std::uint64_t branches = 0;         ///< at each point
    std::uint64_t seed = 0;
    std::uint64_t events_max = 0;  ///< a copy's run ends after that event
    std::size_t jobs = 1;          ///< copies at a time, at least one
  };
  /// An answer, or none of a copy that died.
  using OnAnswer = std::function<void(const Branch& branch, std::optional<std::string> answer)>;
  /// Called once at each point, in the original, before its copies are made. A no ends the run.
  using OnPoint = std::function<bool(std::size_t point, sim::World& world)>;

  /// The calling process has no other threads.
  Branching(Plan plan, OnPoint on_point, OnAnswer on_answer);
  /// Ends all copies at once.
  ~Branching() override;
  Branching(const Branching&) = delete;
  Branching& operator=(const Branching&) = delete;

  bool after_event(sim::World& world) override;

  bool is_branch() const { return answer_file_ >= 0; }
  /// Only in a copy.
  [[noreturn]] void answer(const std::string& text);
  /// Only in the original, when its run is over: waits for the copies that are still running, or
  /// until a signal comes.
  void wait_for_all();

 private:
  struct Child {
    Branch branch;
    pid_t process = -1;
    int answers = -1;
    std::string received;
  };

  /// True in the copy.
  bool fork_branch(const Branch& branch, sim::World& world);
  /// Takes what is there of answers; false if a signal came.
  bool receive();
  void finish(std::size_t child);

  Plan plan_;
  OnPoint on_point_;
  OnAnswer on_answer_;
  std::size_t next_point_ = 0;
  std::vector<Child> children_;
  int answer_file_ = -1;
};

}  // namespace shardproof::cli
