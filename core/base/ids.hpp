// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <compare>
#include <cstdint>
#include <limits>

#include <fmt/format.h>

namespace shardproof {

/// A strongly typed identifier: totally ordered, trivially copyable, never converted implicitly.
/// `Tag` supplies `kPrefix` (the letter printed before the number) and `Rep` (the representation).
template <typename Tag>
class Id {
 public:
  using Rep = typename Tag::Rep;

  constexpr Id() = default;
  constexpr explicit Id(Rep value) : value_(value) {}

  /// The value that names nothing: the largest number of `Rep`. It prints as the prefix and "-".
  static constexpr Id none() { return Id(); }

  constexpr Rep value() const { return value_; }
  constexpr bool is_none() const { return value_ == kNone; }
  constexpr bool has_value() const { return value_ != kNone; }

  friend constexpr auto operator<=>(Id, Id) = default;

 private:
  static constexpr Rep kNone = std::numeric_limits<Rep>::max();
  Rep value_ = kNone;
};

/// A strongly typed counter that only rises: starts at zero, has a successor.
template <typename Tag>
class Counter {
 public:
  using Rep = std::uint64_t;

  constexpr Counter() = default;
  constexpr explicit Counter(Rep value) : value_(value) {}

  constexpr Rep value() const { return value_; }
  constexpr Counter next() const { return Counter(value_ + 1); }

  friend constexpr auto operator<=>(Counter, Counter) = default;

 private:
  Rep value_ = 0;
};

namespace tag {
struct Node {
  using Rep = std::uint32_t;
  static constexpr char kPrefix = 'n';
};
struct Shard {
  using Rep = std::uint32_t;
  static constexpr char kPrefix = 's';
};
struct Collection {
  using Rep = std::uint32_t;
  static constexpr char kPrefix = 'c';
};
struct Client {
  using Rep = std::uint32_t;
  static constexpr char kPrefix = 'k';
};
struct Migration {
  using Rep = std::uint64_t;
  static constexpr char kPrefix = 'm';
};
struct Timer {
  using Rep = std::uint64_t;
  static constexpr char kPrefix = 't';
};
struct DiskOp {
  using Rep = std::uint64_t;
  static constexpr char kPrefix = 'd';
};
struct Epoch {
  static constexpr char kPrefix = 'e';
};
struct Revision {
  static constexpr char kPrefix = 'r';
};
struct Term {
  static constexpr char kPrefix = 'T';
};
struct LogIndex {
  static constexpr char kPrefix = 'i';
};
struct Sequence {
  static constexpr char kPrefix = '#';
};
}  // namespace tag

/// A process that stores shard copies, routes, and may be coordinator. Dense from 0; prints `n3`.
using NodeId = Id<tag::Node>;
/// A shard of the whole cluster (unique over all collections, dense from 0); prints `s7`.
using ShardId = Id<tag::Shard>;
/// A sharded collection. Dense from 0 in order of `enable_sharding`; prints `c0`.
using CollectionId = Id<tag::Collection>;
/// A client session. Dense from 0; prints `k5`.
using ClientId = Id<tag::Client>;
/// One migration of one shard, unique for the life of the cluster: the shard's number in the upper
/// half, and in the lower one the epoch in which it began; prints `s7@e12`.
using MigrationId = Id<tag::Migration>;
/// A timer set by a node, unique within one incarnation of it.
using TimerId = Id<tag::Timer>;
/// A disk operation issued by a node, unique within one incarnation of it.
using DiskOpId = Id<tag::DiskOp>;

/// Raised by every change of a shard's leader, replica set or phase; prints `e12`.
using Epoch = Counter<tag::Epoch>;
/// Raised by every commit to the metadata store; prints `r40`.
using Revision = Counter<tag::Revision>;
/// One coordinator's period of office, granted by the metadata store; prints `T3`.
using Term = Counter<tag::Term>;
/// Place of an entry in one shard's replication log, from 1; 0 is "before the first"; prints `i99`.
using LogIndex = Counter<tag::LogIndex>;

}  // namespace shardproof

template <typename Tag>
struct fmt::formatter<shardproof::Id<Tag>> {
  constexpr auto parse(format_parse_context& context) { return context.begin(); }
  template <typename FormatContext>
  auto format(shardproof::Id<Tag> id, FormatContext& context) const {
    if (id.is_none()) return fmt::format_to(context.out(), "{}-", Tag::kPrefix);
    return fmt::format_to(context.out(), "{}{}", Tag::kPrefix, id.value());
  }
};

template <>
struct fmt::formatter<shardproof::MigrationId> {
  constexpr auto parse(format_parse_context& context) { return context.begin(); }
  template <typename FormatContext>
  auto format(shardproof::MigrationId id, FormatContext& context) const {
    if (id.is_none()) return fmt::format_to(context.out(), "m-");
    return fmt::format_to(context.out(), "s{}@e{}", id.value() >> 32, id.value() & 0xffff'ffffu);
  }
};

template <typename Tag>
struct fmt::formatter<shardproof::Counter<Tag>> {
  constexpr auto parse(format_parse_context& context) { return context.begin(); }
  template <typename FormatContext>
  auto format(shardproof::Counter<Tag> counter, FormatContext& context) const {
    return fmt::format_to(context.out(), "{}{}", Tag::kPrefix, counter.value());
  }
};
