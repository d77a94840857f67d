// SPDX-License-Identifier: Apache-2.0
#include <bit>

#include "bench/peers/harness.hpp"

namespace shardproof::peers {
namespace {

/// The floor: events delivered in the order in which they were sent, from a ring, digest on.
/// Everything but the ordering by time is as in the real engine.
template <typename Program>
class FifoEngine {
 public:
  using Payload = typename Program::Event;

  FifoEngine(Program& program, Meter& meter) : program_(program), meter_(meter) {}

  Instant now() const { return now_; }
  void send(Nanoseconds delay, const Payload& payload) {
    if (end_ - begin_ == ring_.size()) grow();
    ring_[end_ & (ring_.size() - 1)] = Pending{now_ + delay, payload};
    ++end_;
  }

  void run() {
    while (begin_ != end_) {
      const Pending pending = ring_[begin_ & (ring_.size() - 1)];
      ++begin_;
      now_ = pending.time;
      if (!meter_.count<Program>(pending.time, pending.payload)) return;
      program_.on_event(*this, pending.payload);
    }
  }

 private:
  struct Pending {
    Instant time;
    Payload payload;
  };

  void grow() {
    std::vector<Pending> larger(2 * ring_.size());
    for (std::size_t i = begin_; i != end_; ++i) {
      larger[i & (larger.size() - 1)] = ring_[i & (ring_.size() - 1)];
    }
    ring_ = std::move(larger);
  }

  Program& program_;
  Meter& meter_;
  Instant now_;
  std::vector<Pending> ring_ = std::vector<Pending>(64);
  std::size_t begin_ = 0;
  std::size_t end_ = 0;
};

}  // namespace
}  // namespace shardproof::peers

int main(int argc, char** argv) {
  return shardproof::peers::run_task<shardproof::peers::FifoEngine>(argc, argv, true);
}
