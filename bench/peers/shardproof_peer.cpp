// SPDX-License-Identifier: Apache-2.0
#include "bench/peers/harness.hpp"
#include "sim/kernel/scheduler.hpp"

namespace shardproof::peers {
namespace {

/// Our scheduler, FIFO ties, digest always on.
template <typename Program>
class KernelEngine {
 public:
  using Payload = typename Program::Event;

  KernelEngine(Program& program, Meter& meter) : program_(program), meter_(meter) {}

  Instant now() const { return scheduler_.now(); }
  void send(Nanoseconds delay, const Payload& payload) {
    scheduler_.schedule_after(delay, payload);
  }

  void run() {
    sim::Event<Payload> event;
    while (scheduler_.next(event)) {
      if (!meter_.count<Program>(event.time, event.payload)) return;
      if (const Payload* soon = scheduler_.upcoming()) program_.prefetch(*soon);
      program_.on_event(*this, event.payload);
    }
  }

 private:
  Program& program_;
  Meter& meter_;
  sim::Scheduler<Payload> scheduler_;
};

}  // namespace
}  // namespace shardproof::peers

int main(int argc, char** argv) {
  return shardproof::peers::run_task<shardproof::peers::KernelEngine>(argc, argv, true);
}
