// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>

#include "core/document.hpp"
#include "core/reply_status.hpp"

namespace shardproof {

/// Identifies one client request: a client's requests are numbered from 1 and it has one
/// outstanding at a time, so a shard need remember only the last number of each client.
struct RequestId {
  ClientId client;
  std::uint32_t sequence = 0;

  friend constexpr auto operator<=>(const RequestId&, const RequestId&) = default;
};

/// Clients have ids below this; those from here on are of the nodes' own requests.
inline constexpr std::uint32_t kFirstInternalClient = 0x2000'0000;

constexpr bool is_internal(ClientId client) {
  return client.has_value() && client.value() >= kFirstInternalClient;
}

/// One document written or removed. A tombstone keeps the key and the shard-key fields, so that it
/// routes like the document it removed.
struct Mutation {
  DocumentRef document;
  bool tombstone = false;
};

/// One entry of a shard's replication log: applied as a whole or not at all. Without mutations it
/// is the barrier that a new leader writes, or, with a request, what makes the shard remember how
/// that one ended. Immutable once shared.
class LogEntry : public boost::intrusive_ref_counter<LogEntry, boost::thread_unsafe_counter> {
 public:
  Version version;
  RequestId request;
  /// What the request is answered with: Ok, or the refusal of a write, without mutations then.
  ReplyStatus outcome = ReplyStatus::Ok;
  boost::container::small_vector<Mutation, 1> mutations;

  LogIndex index() const { return version.index; }
  Epoch epoch() const { return version.epoch; }
};

using EntryRef = boost::intrusive_ptr<const LogEntry>;
using EntryList = boost::container::small_vector<EntryRef, 2>;

/// What `entry` occupies in a log or message: its documents and a fixed 64 bytes of header.
Bytes wire_size(const LogEntry& entry);

}  // namespace shardproof

template <>
struct fmt::formatter<shardproof::RequestId> {
  constexpr auto parse(format_parse_context& context) { return context.begin(); }
  template <typename FormatContext>
  auto format(shardproof::RequestId id, FormatContext& context) const {
    return fmt::format_to(context.out(), "{}#{}", id.client, id.sequence);
  }
};
