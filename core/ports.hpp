// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "core/base/random.hpp"
#include "core/facts.hpp"
#include "core/fault_points.hpp"
#include "core/messages.hpp"
#include "core/probes.hpp"

/// The only door of a node to clock, network and disk: inputs come in, effects go out. A node never
/// waits, reads no clock and draws from no generator but the one it is handed.
namespace shardproof {

// --- Disk -------------------------------------------------------------------------------------

/// A file of a node's disk; the store gives the numbers their meaning.
struct FileId {
  std::uint64_t value = 0;
  friend constexpr auto operator<=>(FileId, FileId) = default;
};

enum class DiskOpKind : std::uint8_t {
  Append,  ///< adds `data` at the end of the file, creating it
  Sync,    ///< makes everything appended to the file so far durable
  Remove,  ///< deletes the file; also done if there is none
};

/// A disk operation. Operations on one file take effect in the order of issue.
struct DiskOp {
  DiskOpId id;
  DiskOpKind kind = DiskOpKind::Append;
  FileId file;
  /// What is stored; documents' bulk is not in it.
  std::string data;
  /// What the operation costs in bandwidth and space; at least data.size().
  Bytes size;
  /// Append only: done means durable, as with a Sync behind it.
  bool sync = false;
};

enum class DiskOutcome : std::uint8_t {
  Ok,
  Failed,   ///< nothing happened
  Full,     ///< nothing happened, there is no space
  Unknown,  ///< an error was reported, but it may have happened
};

/// The end of a disk operation, with the space as of now.
struct DiskDone {
  DiskOpId op;
  DiskOutcome outcome = DiskOutcome::Ok;
  Bytes used;
  Bytes capacity;
};

/// One file as a boot finds it.
struct DiskFile {
  FileId id;
  std::string data;
  /// Space that the file occupies.
  Bytes size;
};

/// What the disk kept, files in order of id, and its space (capacity zero is unlimited).
struct DiskImage {
  std::vector<DiskFile> files;
  Bytes used;
  Bytes capacity;
  /// The disk, by its serial number, is not the one with which the node was set up.
  bool is_replacement = false;
};

// --- Timers -----------------------------------------------------------------------------------

/// A node has one timer of each kind; setting it again moves it.
enum class TimerKind : std::uint8_t {
  Heartbeat,    ///< send a heartbeat to the coordinator
  Campaign,     ///< keep or win the coordinator's office
  Coordinator,  ///< the coordinator's periodic work
  Router,       ///< deadlines and retries of routed requests
  Replication,  ///< resend, detect lagging replicas, report to the coordinator
  Copy,         ///< pace and resend copy streams
  Store,        ///< retries and compaction of the store
  Table,        ///< refresh of the table from the metadata store
};
inline constexpr std::size_t kTimerKinds = 8;

// --- Input ------------------------------------------------------------------------------------

/// The first input of every incarnation of a node.
struct Boot {
  const DiskImage* image = nullptr;
};
/// A message has arrived. The node may move out of it.
struct Receive {
  Endpoint from;
  Message* message = nullptr;
};
struct TimerFired {
  TimerKind kind = TimerKind::Heartbeat;
};
using Input = std::variant<Boot, Receive, TimerFired, DiskDone>;

/// What a node may look at while it handles an input.
struct Context {
  /// The node's own clock: it may be off and drift, but never runs backwards within an incarnation.
  Instant now;
  /// The stream (node, id, "protocol").
  Random& random;
  /// Null while none is armed.
  FaultPoints* fault_points = nullptr;
};

// --- Effects ----------------------------------------------------------------------------------

/// What a node wants done: an append-only buffer, carried out after the step in this order: facts,
/// timers, disk operations, sends, each in the order of issue. Reused from step to step, so that no
/// memory is allocated in the steady state.
class Effects {
 public:
  struct Send {
    Endpoint to;
    Message message;
  };
  struct Timer {
    TimerKind kind = TimerKind::Heartbeat;
    /// From now on the node's own clock; negative means "cancel".
    Nanoseconds delay;
  };

  void send(Endpoint to, Message message) { sends_.push_back({to, std::move(message)}); }
  /// `delay` >= 0, on the node's own clock.
  void set_timer(TimerKind kind, Nanoseconds delay) { timers_.push_back({kind, delay}); }
  void cancel_timer(TimerKind kind) { timers_.push_back({kind, Nanoseconds(-1)}); }
  void disk(DiskOp op) { disk_ops_.push_back(std::move(op)); }
  void fact(Fact fact) { facts_.push_back(std::move(fact)); }
  /// The step came by a rare place; so often as it is said.
  void hit(Probe probe) { hits_.push_back(probe); }

  std::vector<Send>& sends() { return sends_; }
  std::vector<Timer>& timers() { return timers_; }
  std::vector<DiskOp>& disk_ops() { return disk_ops_; }
  std::vector<Fact>& facts() { return facts_; }
  const std::vector<Probe>& hits() const { return hits_; }

  void clear() {
    sends_.clear();
    timers_.clear();
    disk_ops_.clear();
    facts_.clear();
    hits_.clear();
  }

 private:
  std::vector<Send> sends_;
  std::vector<Timer> timers_;
  std::vector<DiskOp> disk_ops_;
  std::vector<Fact> facts_;
  std::vector<Probe> hits_;
};

}  // namespace shardproof
