// SPDX-License-Identifier: Apache-2.0
#include <map>
#include <set>

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "core/replica_bench_testing.hpp"
#include "core/router.hpp"
#include "core/shard_key.hpp"

namespace shardproof {
namespace {

CollectionConfig keyed_by(std::vector<std::string> fields) {
  CollectionConfig config = test::collection(1u << 20);
  config.shard_key = std::move(fields);
  return config;
}

Document with(std::vector<Field> fields) {
  Document document;
  document.key = "k";
  document.fields.assign(fields.begin(), fields.end());
  return document;
}

FieldValue any_value() {
  switch (*rc::gen::inRange(0, 3)) {
    case 0: return *rc::gen::arbitrary<bool>();
    case 1: return *rc::gen::arbitrary<std::int64_t>();
    default: return *rc::gen::arbitrary<std::string>();
  }
}

/// The same encoding, written down a second time.
std::string encoded(const FieldValue& value) {
  std::string out;
  const auto number = [&](std::uint64_t word) {
    for (int i = 0; i < 8; ++i) out += static_cast<char>(word >> (8 * i));
  };
  if (const auto* text = std::get_if<std::string>(&value)) {
    out = "s";
    number(text->size());
    return out + *text;
  }
  if (const auto* flag = std::get_if<bool>(&value)) return *flag ? "t" : "f";
  out = "n";
  number(static_cast<std::uint64_t>(std::get<std::int64_t>(value)));
  return out;
}

RC_GTEST_PROP(Route, ItIsTheHashOfTheEncodedValuesModuloTheShards, ()) {
  const FieldValue a = any_value();
  const FieldValue b = any_value();
  CollectionConfig config = keyed_by({"a", "b"});
  config.num_shards = *rc::gen::inRange<std::uint32_t>(1, 100);
  config.first_shard = ShardId(*rc::gen::inRange<std::uint32_t>(0, 100));
  const auto routed = route(config, with({{"b", b}, {"x", true}, {"a", a}}));
  const std::uint64_t slot = stable_hash(encoded(a) + encoded(b)) % config.num_shards;
  RC_ASSERT(routed.has_value());
  RC_ASSERT(routed->value() == config.first_shard.value() + slot);
}

RC_GTEST_PROP(Route, WhereOneFieldEndsAndTheNextBeginsMatters, ()) {
  const auto text = *rc::gen::nonEmpty(rc::gen::arbitrary<std::string>());
  const auto cut = *rc::gen::inRange<std::size_t>(0, text.size());
  const CollectionConfig config = keyed_by({"a", "b"});
  const auto here = route(config, with({{"a", text.substr(0, cut)}, {"b", text.substr(cut)}}));
  const auto there =
      route(config, with({{"a", text.substr(0, cut + 1)}, {"b", text.substr(cut + 1)}}));
  // Among 2^20 shards two hashes agree by chance once in a million.
  RC_ASSERT(*here != *there);
}

TEST(RouteTest, NeighbouringFieldsAndTypesAreKeptApart) {
  const CollectionConfig config = keyed_by({"a", "b"});
  const auto shard = [&](FieldValue a, FieldValue b) {
    return *route(config, with({{"a", std::move(a)}, {"b", std::move(b)}}));
  };
  using Text = std::string;
  EXPECT_NE(shard(Text("ab"), Text("c")), shard(Text("a"), Text("bc")));
  EXPECT_NE(shard(Text("1"), Text("")), shard(std::int64_t{1}, Text("")));
  EXPECT_NE(shard(Text("true"), Text("")), shard(true, Text("")));
  EXPECT_NE(shard(true, false), shard(false, true));
}

/// One client request, and what the client has heard of it.
struct Asked {
  std::size_t answers = 0;
  ReplyStatus answer = ReplyStatus::Unknown;
};

class RouterWorld {
 public:
  RouterWorld() { bench.commit({test::collection(4, 1)}); }

  void elect(std::uint32_t shard) {
    ShardInfo info = test::shard(Epoch(++epoch_), {NodeId(*rc::gen::inRange<std::uint32_t>(1, 4))});
    info.id = ShardId(shard);
    if (*rc::gen::inRange(0, 4) == 0) {
      info.leader = NodeId::none();
      info.status = ShardStatus::Offline;
    }
    bench.commit({info});
    ReplicaStep step = bench.step();
    router.on_shard_change(info.id, step);
    collect();
  }
  void ask() {
    const RequestId id{ClientId(++clients_), 1};
    asked[id];
    const auto document = test::document("k" + std::to_string(*rc::gen::inRange(0, 8)));
    ReplicaStep step = bench.step();
    router.on_client_request(Endpoint::client(id.client),
                             {id, test::operation(OperationKind::Replace, document)}, step);
    collect();
  }
  void reply() {
    if (sent_.empty()) return;
    const std::size_t which = *rc::gen::inRange<std::size_t>(0, sent_.size());
    const message::ShardRequest to = sent_[which];
    sent_.erase(sent_.begin() + static_cast<std::ptrdiff_t>(which));
    const ReplyStatus status =
        *rc::gen::element(ReplyStatus::Ok, ReplyStatus::NotLeader, ReplyStatus::NotReady,
                          ReplyStatus::VersionMismatch);
    ReplicaStep step = bench.step();
    for (int copies = *rc::gen::inRange(1, 3); copies > 0; --copies) {
      router.on_shard_reply(NodeId(1), {to.ticket, to.shard, to.epoch, {}, status, {}, nullptr},
                            step);
    }
    collect();
  }
  void lose() {
    if (sent_.empty()) return;
    const std::size_t which = *rc::gen::inRange<std::size_t>(0, sent_.size());
    lost.insert(sent_[which].request);
    sent_.erase(sent_.begin() + static_cast<std::ptrdiff_t>(which));
  }
  void pass(Nanoseconds time) {
    bench.now = bench.now + time;
    ReplicaStep step = bench.step();
    router.on_timer(step);
    collect();
  }

  std::map<RequestId, Asked> asked;
  /// Requests of which a try was sent and never heard of again: they may have had their effect.
  std::set<RequestId> lost;
  test::ReplicaBench bench;
  Router router;

 private:
  void collect() {
    for (auto& [to, request] : bench.take<message::ShardRequest>()) sent_.push_back(request);
    for (auto& [to, reply] : bench.take<message::ClientReply>()) {
      asked.at(reply.request).answers += 1;
      asked.at(reply.request).answer = reply.status;
    }
    bench.effects.clear();
  }

  std::vector<message::ShardRequest> sent_;
  std::uint64_t epoch_ = 0;
  std::uint32_t clients_ = 0;
};

RC_GTEST_PROP(Router, EveryRequestIsAnsweredOnceAndALostTryIsNeverCalledWithoutEffect, ()) {
  RouterWorld world;
  for (std::uint32_t shard = 0; shard < 4; ++shard) world.elect(shard);
  for (int commands = *rc::gen::inRange(0, 60); commands > 0; --commands) {
    const int command = *rc::gen::inRange(0, 12);
    if (command < 4) {
      world.ask();
    } else if (command < 7) {
      world.reply();
    } else if (command < 9) {
      world.lose();
    } else if (command < 10) {
      world.elect(*rc::gen::inRange<std::uint32_t>(0, 4));
    } else {
      world.pass(milliseconds(*rc::gen::inRange(1, 800)));
    }
  }
  world.pass(world.bench.config.timing.request_timeout);
  for (const auto& [request, asked] : world.asked) {
    RC_ASSERT(asked.answers == 1u);
    if (world.lost.count(request) != 0) RC_ASSERT(asked.answer != ReplyStatus::Unavailable);
  }
}

}  // namespace
}  // namespace shardproof
