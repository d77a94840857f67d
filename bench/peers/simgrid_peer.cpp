// SPDX-License-Identifier: Apache-2.0
#include <simgrid/kernel/Timer.hpp>
#include <simgrid/s4u.hpp>

#include "bench/peers/harness.hpp"

namespace shardproof::peers {
namespace {

/// SimGrid's kernel timers, the cheapest way it has to run code at a time: no actor, no activity
/// and no context switch per event. Its time is a double; we count nanoseconds in it, which is
/// exact to 2^53. The timers are driven by SimGrid's own main loop, which one sleeping actor keeps
/// alive.
template <typename Program>
class SimgridEngine {
 public:
  using Payload = typename Program::Event;

  SimgridEngine(Program& program, Meter& meter)
      : program_(program), meter_(meter), engine_("simgrid_peer") {}

  void send(Nanoseconds delay, const Payload& payload) {
    const std::int64_t time = now_ + delay.count();
    simgrid::kernel::timer::Timer::set(static_cast<double>(time),
                                       [this, time, payload] { deliver(time, payload); });
  }

  void run() {
    auto* zone = simgrid::s4u::create_full_zone("zone");
    auto* host = zone->create_host("host", 1e9);
    zone->seal();
    simgrid::s4u::Actor::create("sleeper", host, [this] {
      while (!done_) simgrid::s4u::this_actor::sleep_for(1e15);
    });
    engine_.run();
  }

 private:
  void deliver(std::int64_t time, const Payload& payload) {
    if (done_) return;
    now_ = time;
    done_ = !meter_.count<Program>(Instant(Nanoseconds(time)), payload);
    if (done_) {
      meter_.print();
      std::fflush(stdout);
      std::_Exit(0);
    }
    program_.on_event(*this, payload);
  }

  Program& program_;
  Meter& meter_;
  simgrid::s4u::Engine engine_;
  std::int64_t now_ = 0;
  bool done_ = false;
};

}  // namespace
}  // namespace shardproof::peers

int main(int argc, char** argv) {
  return shardproof::peers::run_task<shardproof::peers::SimgridEngine>(argc, argv, false);
}
