// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <optional>
#include <vector>

#include "sim/check/monitor.hpp"

namespace shardproof::sim::check {

/// Decides every write of a client anew, by what its keys hold at the end of the leader's log:
/// what was applied, and behind it what was accepted and is not applied yet. The leader's decision
/// has to be the same, and so has what the client is told. Requests are known by what their client
/// asked for; those of the nodes among themselves are not judged.
class ConditionalOutcomes : public Monitor<ConditionalOutcomes> {
 public:
  static constexpr InvariantInfo kInvariant{
      38, "conditional_outcomes",
      "a write is accepted or refused by what its keys hold at its place in the log, and its "
      "client is told so"};
  using Monitor::Monitor;

  void on(const hook::Invoked& invoked, const At& at);
  void on(const fact::WriteAccepted& write, const At& at);
  void on(const fact::EntryApplied& applied, const At& at);
  void on(const fact::RetryAnswered& retry, const At& at);
  void on(const hook::Replied& replied, const At& at);

 private:
  /// A late duplicate of an older request than these is not recognised.
  static constexpr std::uint32_t kRequestsKept = 4;

  struct Request {
    std::uint32_t sequence = 0;
    OperationRef operation;
    /// How it ended, once its entry is applied, and which that is.
    std::optional<ReplyStatus> outcome;
    Version version;
  };
  struct Client {
    std::array<Request, kRequestsKept> requests;
  };
  /// What an entry that is not applied yet makes of a key.
  struct Pending {
    Version version;
    std::uint64_t key = 0;
    std::uint64_t shard_key = 0;
    bool tombstone = false;
  };
  struct Holding {
    Version version;
    bool lives = false;
    std::uint64_t shard_key = 0;
  };

  Request* find(RequestId request);
  Holding holding(const fact::WriteAccepted& write, const Document& document) const;
  ReplyStatus decide(const fact::WriteAccepted& write, OperationKind kind, const Document& document,
                     Version expected, const Holding& held) const;
  ReplyStatus decide(const fact::WriteAccepted& write, const Operation& operation) const;
  ReplyStatus decide_steps(const fact::WriteAccepted& write, const Operation& operation) const;
  void check(const fact::WriteAccepted& write, const Operation& operation, const At& at);
  void note(const fact::WriteAccepted& write);

  std::vector<Client> clients_;
  /// By shard, in the order in which they were accepted.
  std::vector<std::vector<Pending>> pending_;
};

}  // namespace shardproof::sim::check
