// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>

#include "core/ports.hpp"

namespace shardproof::storage {

/// Pauses before a failed disk operation is tried again: the first, doubled up to the largest.
struct Backoff {
  Nanoseconds first = milliseconds(10);
  Nanoseconds max = seconds(1);
};

/// A sequence of disk operations of which one at most is in flight, each repeated until it has
/// succeeded. An operation of unknown outcome is repeated too, so it must bear being done twice.
class DiskLane {
 public:
  enum class Progress : std::uint8_t {
    Done,    ///< the operation has succeeded, the lane is idle
    Full,    ///< no space; `retry` repeats it, `give_up` forgets it
    Failed,  ///< failed or unknown; `retry` repeats it
  };

  /// Operations are numbered `first`, `first + step`, ..., so that lanes don't share numbers.
  DiskLane(std::uint64_t first, std::uint64_t step, Backoff backoff)
      : next_(first), step_(step), backoff_(backoff) {}

  bool is_idle() const { return state_ == State::Idle; }
  /// The operation under way has failed at least once.
  bool is_failing() const { return failures_ > 0; }
  /// Whether `id` is the operation in flight.
  bool awaits(DiskOpId id) const { return state_ == State::InFlight && operation_.id == id; }
  /// The operation under way; after Progress::Done the one that succeeded.
  const DiskOp& operation() const { return operation_; }

  /// The lane must be idle. Takes over `data`, and leaves an empty string with an older buffer.
  void append(FileId file, std::string& data, Bytes size, bool sync, Effects& effects);
  void remove(FileId file, Effects& effects);
  void sync(FileId file, Effects& effects);

  Progress on_done(DiskOutcome outcome);
  /// If the lane waits to repeat its operation: how long the pause is.
  std::optional<Nanoseconds> pause() const;
  /// Repeats a waiting operation, if there is one.
  void retry(Effects& effects);
  /// Forgets the waiting operation.
  void give_up();

 private:
  enum class State : std::uint8_t { Idle, InFlight, Waiting };
  /// An operation that brings no data.
  void issue_bare(DiskOpKind kind, FileId file, Effects& effects);
  void issue(Effects& effects);

  std::uint64_t next_;
  std::uint64_t step_;
  Backoff backoff_;
  State state_ = State::Idle;
  std::uint32_t failures_ = 0;
  DiskOp operation_;
};

}  // namespace shardproof::storage
