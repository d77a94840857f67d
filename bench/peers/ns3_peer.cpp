// SPDX-License-Identifier: Apache-2.0
#include <ns3/nstime.h>
#include <ns3/simulator.h>

#include "bench/peers/harness.hpp"

namespace shardproof::peers {
namespace {

/// ns-3 with its default event implementation and its default scheduler (ns3::MapScheduler).
template <typename Program>
class Ns3Engine {
 public:
  using Payload = typename Program::Event;

  Ns3Engine(Program& program, Meter& meter) : program_(program), meter_(meter) {}

  void send(Nanoseconds delay, const Payload& payload) {
    ns3::Simulator::Schedule(ns3::NanoSeconds(delay.count()), &Ns3Engine::deliver, this, payload);
  }

  void run() {
    ns3::Simulator::Run();
    ns3::Simulator::Destroy();
  }

 private:
  void deliver(Payload payload) {
    const Instant now{Nanoseconds(ns3::Simulator::Now().GetNanoSeconds())};
    if (!meter_.count<Program>(now, payload)) return ns3::Simulator::Stop();
    program_.on_event(*this, payload);
  }

  Program& program_;
  Meter& meter_;
};

}  // namespace
}  // namespace shardproof::peers

int main(int argc, char** argv) {
  return shardproof::peers::run_task<shardproof::peers::Ns3Engine>(argc, argv, false);
}
