// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <vector>

#include "sim/check/monitor.hpp"

namespace shardproof::sim::check {

/// Messages may come again and in another order: it must not show. Every copy of a shard applies
/// the same entries without gaps, a place in the log is given once, a client's request takes effect
/// once, none behind a later one of the same client, and none after its client was told that it was
/// refused, and the content of a copy that was
/// taken over whole is what the log says.
class OneHistory : public Monitor<OneHistory> {
 public:
  static constexpr InvariantInfo kInvariant{
      19, "one_history",
      "messages delivered again or late give one state: all copies apply the same entries, each "
      "request once, and none that was refused"};
  using Monitor::Monitor;

  void on(const fact::WriteAccepted& write, const At& at);
  void on(const fact::EntryApplied& applied, const At& at);
  void on(const fact::CopyInstalled& installed, const At& at);
  void on(const hook::Replied& replied, const At& at);

 private:
  /// The last request of a client that took effect on a shard.
  struct Session {
    std::uint64_t key = 0;
    std::uint32_t sequence = 0;
    Version version;
  };
  Session& session(ShardId shard, ClientId client);
  void grow();
  /// A single node has no store that hands out epochs: it begins one anew if it crashed before its
  /// barrier was durable. Nothing but the barrier was accepted in it then.
  bool begins_again(const fact::WriteAccepted& write) const;
  void report_parting(const fact::EntryApplied& applied, const At& at);
  void check_request(const fact::EntryApplied& applied, const At& at);
  bool was_refused(RequestId request) const;
  /// Reports what is wrong with the history of a shard, and which of its copies began empty on a
  /// disk that had lost what it had: that may be why.
  void report_history(const At& at, const Subject& subject, std::string detail);

  /// Open addressing by shard and client; key 0 is free.
  std::vector<Session> sessions_ = std::vector<Session>(256);
  std::size_t used_ = 0;
  /// By client: the numbers of its requests that it was told were refused, ascending.
  std::vector<std::vector<std::uint32_t>> refused_;
};

}  // namespace shardproof::sim::check
