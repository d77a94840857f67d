// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <string_view>

#include "bench/peers/workloads.hpp"

namespace shardproof::peers {

/// One measurement: `program` with `size` pending events or nodes; after `warm_up` events, `events`
/// are timed. `with_digest` folds every event; engines of ours always do, peers only when their
/// trace is to be compared with ours.
struct Task {
  std::string_view program;
  std::size_t size = 0;
  std::uint64_t warm_up = 0;
  std::uint64_t events = 0;
  bool with_digest = false;
};

/// Counts the delivered events, folds them, and takes the processor time of the timed part.
class Meter {
 public:
  explicit Meter(const Task& task)
      : warm_up_(task.warm_up), total_(task.warm_up + task.events), fold_(task.with_digest) {}

  /// To be called for each event; false when it is the last one to be run.
  template <typename Program>
  bool count(Instant now, const typename Program::Event& event) {
    if (fold_) Program::fold(digest_, now, event);
    ++events_;
    if (events_ == warm_up_) begin_ = std::clock();
    if (events_ == total_) end_ = std::clock();
    return events_ < total_;
  }

  void print() const {
    const double time_ns = 1e9 * static_cast<double>(end_ - begin_) / CLOCKS_PER_SEC;
    std::printf("%.2f %016llx\n", time_ns / static_cast<double>(total_ - warm_up_),
                fold_ ? static_cast<unsigned long long>(digest_.value()) : 0);
  }

 private:
  std::uint64_t warm_up_;
  std::uint64_t total_;
  bool fold_;
  std::uint64_t events_ = 0;
  sim::TraceDigest digest_;
  std::clock_t begin_ = 0;
  std::clock_t end_ = 0;
};

/// Runs `Engine<Program>(program, meter).run()` as the command line says:
///     <program> <hold|messages> <size> <warm-up> <events> [digest]
/// and prints the nanoseconds per event and the digest of the trace.
template <template <typename> typename Engine>
int run_task(int argc, char** argv, bool always_digest) {
  if (argc < 5) {
    std::fprintf(stderr, "usage: %s hold|messages SIZE WARM_UP EVENTS [digest]\n", argv[0]);
    return 2;
  }
  Task task;
  task.program = argv[1];
  task.size = std::strtoull(argv[2], nullptr, 10);
  task.warm_up = std::strtoull(argv[3], nullptr, 10);
  task.events = std::strtoull(argv[4], nullptr, 10);
  task.with_digest = always_digest || argc > 5;
  Meter meter(task);
  const auto run = [&meter](auto program) {
    Engine<decltype(program)> engine(program, meter);
    program.start(engine);
    engine.run();
  };
  if (task.program == "hold") {
    run(HoldModel(task.size));
  } else {
    run(MessageModel(task.size));
  }
  meter.print();
  return 0;
}

}  // namespace shardproof::peers
