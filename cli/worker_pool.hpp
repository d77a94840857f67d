// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <sys/types.h>

#include <array>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "cli/stopwatch.hpp"
#include "core/base/units.hpp"

namespace shardproof::cli {

/// Child processes that do numbered jobs, one at a time each. What a job does to the process that
/// does it (a crash, an abort, no memory) ends that job and is an answer like another; the next job
/// gets a new process. Which child does a job, and how many there are, must not matter to the
/// answer.
class WorkerPool {
 public:
  /// Called in a child: does the job and answers with any bytes. What it throws ends the child.
  using Work = std::function<std::string(std::uint64_t job)>;
  /// Memory that a child shares with the calling process, zero when a job is given: what is written
  /// there is known also of a child that dies.
  using Slate = std::array<std::byte, 256>;
  /// Called in each child once, before its first job.
  using OnStart = std::function<void(Slate&)>;

  struct Done {
    std::uint64_t job = 0;
    std::string answer;
    /// The child died: what a person would say of it ("killed by signal 11: Segmentation fault").
    std::optional<std::string> death;
    /// As a child that died has left it.
    Slate slate{};
  };

  /// `workers` > 0 children are forked when they are needed. The calling process has no other
  /// threads. A job that takes longer than `limit` of real time ends its child (zero: no limit).
  WorkerPool(std::size_t workers, Work work, Nanoseconds limit = Nanoseconds(0),
             OnStart on_start = {});
  /// Ends the children at once, whatever they do.
  ~WorkerPool();
  WorkerPool(const WorkerPool&) = delete;
  WorkerPool& operator=(const WorkerPool&) = delete;

  bool has_idle() const { return busy_ < slots_.size(); }
  bool is_busy() const { return busy_ > 0; }
  /// Whether a job of a lower number is under way. O(workers).
  bool is_busy_below(std::uint64_t job) const;
  /// Only if `has_idle`.
  void give(std::uint64_t job);
  /// A job that is done, or none if none was within `timeout_ms`, or if a signal came. O(workers).
  std::optional<Done> wait(int timeout_ms);

 private:
  struct Slot {
    pid_t child = -1;
    int jobs = -1;     ///< the parent writes numbers of jobs
    int answers = -1;  ///< the parent reads answers: their length in 8 bytes, then themselves
    bool is_busy = false;
    std::uint64_t job = 0;
    std::string received;
    Stopwatch stopwatch;  ///< since the job was given
    Slate* slate = nullptr;
  };

  void start(Slot& slot);
  /// An exception ends the child here and not in the destructors of what the parent has built.
  [[noreturn]] void work(int jobs, int answers, Slate& slate) noexcept;
  std::optional<Done> receive(Slot& slot);
  std::optional<Done> end_overdue();
  Done finish(Slot& slot, std::string answer, std::optional<std::string> death);
  std::string bury(Slot& slot);

  Work work_;
  Nanoseconds limit_;
  OnStart on_start_;
  std::vector<Slot> slots_;
  std::size_t busy_ = 0;
};

}  // namespace shardproof::cli
