// SPDX-License-Identifier: Apache-2.0
//
// The disk against a model that knows of each file what was written and how much of it was synced:
// random operations on a few files, in flight together, with errors, full disks and crashes.

#include <algorithm>
#include <array>
#include <map>
#include <ostream>
#include <string>
#include <tuple>
#include <vector>

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "sim/disk.hpp"

namespace shardproof::sim {
namespace {

constexpr std::uint64_t kFiles = 3;
constexpr Bytes kCapacity{3000};

enum class Step : std::uint8_t { Append, AppendSynced, Sync, Remove, Complete, Crash, Stop };

struct Command {
  Step step = Step::Append;
  std::uint64_t file = 0;
  std::size_t length = 0;
};

std::ostream& operator<<(std::ostream& out, const Command& command) {
  static constexpr std::array kNames{"append",   "append synced", "sync", "remove",
                                     "complete", "crash",         "stop"};
  return out << kNames.at(static_cast<std::size_t>(command.step)) << " file " << command.file
             << " length " << command.length;
}

rc::Gen<Command> arbitrary_command() {
  const auto step = rc::gen::weightedElement<Step>({{6, Step::Append},
                                                    {3, Step::AppendSynced},
                                                    {3, Step::Sync},
                                                    {1, Step::Remove},
                                                    {12, Step::Complete},
                                                    {1, Step::Crash},
                                                    {1, Step::Stop}});
  return rc::gen::map(rc::gen::tuple(step, rc::gen::inRange<std::uint64_t>(0, kFiles),
                                     rc::gen::weightedOneOf<std::size_t>(
                                         {{3, rc::gen::inRange<std::size_t>(1, 40)},
                                          {1, rc::gen::inRange<std::size_t>(1, 1500)}})),
                      [](const std::tuple<Step, std::uint64_t, std::size_t>& parts) {
                        return Command{std::get<0>(parts), std::get<1>(parts), std::get<2>(parts)};
                      });
}

UnsyncedOutcome arbitrary_outcome() {
  const auto kept = *rc::gen::inRange<std::uint64_t>(0, 5);
  const auto lost = *rc::gen::inRange<std::uint64_t>(0, 5 - kept);
  const auto torn = *rc::gen::inRange<std::uint64_t>(0, 5 - kept - lost);
  return {Ratio(kept, 4), Ratio(lost, 4), Ratio(torn, 4), Ratio(4 - kept - lost - torn, 4)};
}

/// A file as the model sees it.
struct ModelFile {
  bool exists = false;
  std::string content;
  std::size_t synced = 0;
  bool was_synced = false;
};

struct InFlight {
  DiskTicket ticket = 0;
  Instant done_at;
  DiskOp op;
};

class Machine {
 public:
  Machine(std::uint64_t seed, const UnsyncedOutcome& outcome)
      : disk_(DiskSpec{}, kCapacity, NodeId(0), Streams(seed)), random_(seed), outcome_(outcome) {}

  void run(const Command& command) {
    switch (command.step) {
      case Step::Append: return submit(DiskOpKind::Append, command, false);
      case Step::AppendSynced: return submit(DiskOpKind::Append, command, true);
      case Step::Sync: return submit(DiskOpKind::Sync, command, false);
      case Step::Remove: return submit(DiskOpKind::Remove, command, false);
      case Step::Complete: return complete();
      case Step::Crash: return crash();
      case Step::Stop: return stop();
    }
  }

  /// The files, while the process lives, are exactly those of the model.
  void compare() const {
    const DiskImage image = disk_.image();
    Bytes sum;
    std::size_t existing = 0;
    for (const auto& [id, model] : files_) existing += model.exists ? 1 : 0;
    RC_ASSERT(image.files.size() == existing);
    for (const DiskFile& file : image.files) {
      RC_ASSERT(file.data == files_.at(file.id).content);
      sum += file.size;
    }
    RC_ASSERT(image.used == sum);
    RC_ASSERT(image.used <= kCapacity);
  }

 private:
  void submit(DiskOpKind kind, const Command& command, bool sync) {
    DiskOp op;
    op.id = DiskOpId(next_op_++);
    op.kind = kind;
    op.file = FileId{command.file};
    if (kind == DiskOpKind::Append) {
      // Never zero, so that a lost sector is told from a written one.
      op.data.assign(command.length, static_cast<char>('a' + op.id.value() % 26));
      op.size = Bytes(command.length);
    }
    op.sync = sync;
    DiskOp copy = op;
    const DiskSubmitted submitted = disk_.submit(now_, std::move(copy));
    for (const InFlight& earlier : in_flight_) {
      if (earlier.op.file == op.file) RC_ASSERT(earlier.done_at < submitted.done_at);
    }
    in_flight_.push_back({submitted.ticket, submitted.done_at, std::move(op)});
  }

  void complete() {
    const auto next = std::min_element(
        in_flight_.begin(), in_flight_.end(), [](const InFlight& a, const InFlight& b) {
          return std::tie(a.done_at, a.op.id) < std::tie(b.done_at, b.op.id);
        });
    if (next == in_flight_.end()) return;
    const InFlight ended = *next;
    in_flight_.erase(next);
    now_ = ended.done_at;
    const DiskDone done = disk_.complete(ended.ticket);
    RC_ASSERT(done.op == ended.op.id);
    RC_ASSERT((done.outcome == DiskOutcome::Full) == !fits(ended.op));
    if (done.outcome == DiskOutcome::Ok) apply(ended.op);
  }

  bool fits(const DiskOp& op) const {
    Bytes used;
    for (const auto& [id, model] : files_) used += Bytes(model.content.size());
    return op.kind != DiskOpKind::Append || used + op.size <= kCapacity;
  }

  void apply(const DiskOp& op) {
    ModelFile& file = files_[op.file];
    if (op.kind == DiskOpKind::Remove) {
      file = ModelFile{};
      return;
    }
    if (op.kind == DiskOpKind::Append) {
      file.exists = true;
      file.content += op.data;
    }
    if (op.sync || (op.kind == DiskOpKind::Sync && file.exists)) {
      file.synced = file.content.size();
      file.was_synced = true;
    }
  }

  void crash() {
    disk_.crash({outcome_, Ratio(0, 1)}, random_);
    std::map<FileId, std::string> found;
    for (const DiskFile& file : disk_.image().files) found[file.id] = file.data;
    for (const auto& [id, model] : files_) {
      const FileId file = id;
      const bool removing =
          std::any_of(in_flight_.begin(), in_flight_.end(), [file](const InFlight& flying) {
            return flying.op.file == file && flying.op.kind == DiskOpKind::Remove;
          });
      if (removing || !model.was_synced) continue;
      RC_ASSERT(found.count(id) == 1);
      RC_ASSERT(found[id].substr(0, model.synced) == model.content.substr(0, model.synced));
    }
    for (const auto& [id, data] : found) RC_ASSERT(data.size() <= longest(id));
    begin_again();
  }

  /// What the file could hold if everything in flight had happened.
  std::size_t longest(FileId id) const {
    const auto known = files_.find(id);
    std::size_t length = known == files_.end() ? 0 : known->second.content.size();
    for (const InFlight& flying : in_flight_) {
      if (flying.op.file == id) length += flying.op.data.size();
    }
    return length;
  }

  void stop() {
    std::stable_sort(in_flight_.begin(), in_flight_.end(),
                     [](const InFlight& a, const InFlight& b) { return a.op.file < b.op.file; });
    for (const InFlight& flying : in_flight_) {
      if (fits(flying.op)) apply(flying.op);
    }
    in_flight_.clear();
    for (auto& [id, model] : files_) {
      if (!model.exists) continue;
      model.synced = model.content.size();
      model.was_synced = true;
    }
    disk_.stop();
  }

  /// The next process finds what the disk kept, and that is durable.
  void begin_again() {
    in_flight_.clear();
    files_.clear();
    for (const DiskFile& file : disk_.image().files) {
      files_[file.id] = {true, file.data, file.data.size(), true};
    }
  }

  Disk disk_;
  Random random_;
  UnsyncedOutcome outcome_;
  Instant now_;
  std::uint64_t next_op_ = 0;
  std::vector<InFlight> in_flight_;
  std::map<FileId, ModelFile> files_;
};

RC_GTEST_PROP(DiskProperty, WhatWasSyncedIsNeverLostAndTheRestIsAsWritten, ()) {
  const auto seed = *rc::gen::arbitrary<std::uint64_t>();
  Machine machine(seed, arbitrary_outcome());
  const auto commands =
      *rc::gen::scale(3, rc::gen::container<std::vector<Command>>(arbitrary_command()));
  for (const Command& command : commands) {
    machine.run(command);
    machine.compare();
  }
}

}  // namespace
}  // namespace shardproof::sim
