// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <vector>

#include "sim/check/monitor.hpp"

namespace shardproof::sim::check {

/// Durable copies are counted from the facts of those who have them, not from what the leader
/// believes.
class AckHonesty : public Monitor<AckHonesty> {
 public:
  static constexpr InvariantInfo kInvariant{26, "ack_honesty",
                                            "an acknowledged write is durable on every copy that "
                                            "the write concern promises, and a client is "
                                            "told of success only after that; nobody tells or "
                                            "believes of a disk what is not on it"};
  using Monitor::Monitor;

  void on(const fact::WriteAcknowledged& write, const At& at);
  void on(const fact::RetryAnswered& retry, const At& at);
  void on(const hook::DurabilityTold& told, const At& at);
  void on(const hook::PositionTold& told, const At& at);
  void on(const hook::UpToDateTold& told, const At& at);
  void on(const hook::Invoked& invoked, const At& at);
  void on(const hook::Replied& replied, const At& at);

 private:
  struct Client {
    /// Its last request that a leader acknowledged, and whether the one it waits for is a write.
    std::uint32_t acknowledged = 0;
    bool writes = false;
  };
  Client& client(ClientId id);
  void note_success(RequestId request);

  std::vector<Client> clients_;
};

}  // namespace shardproof::sim::check
