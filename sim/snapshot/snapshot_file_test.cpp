// SPDX-License-Identifier: Apache-2.0
#include "sim/snapshot/snapshot_file.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "sim/input/input_testing.hpp"

namespace shardproof::sim {
namespace {

/// `collection/name: replica+ replica ~learner bytes`, the leader with a plus, or the error.
std::string text_of(const Result<ClusterSnapshot, InputError>& snapshot) {
  if (!snapshot) {
    const std::string& reason = snapshot.error().reason;
    return fmt::format("{}: {}", snapshot.error().line, reason.substr(0, reason.find("; taken")));
  }
  std::string text;
  for (std::size_t i = 0; i < snapshot->shards.size(); ++i) {
    const distribution::ShardView& shard = snapshot->view.shards[i];
    text +=
        fmt::format("{}/{}:", snapshot->collections[shard.collection.value()], snapshot->shards[i]);
    for (const NodeId node : shard.replicas) {
      text += fmt::format(" {}{}", snapshot->nodes[node.value()], node == shard.leader ? "+" : "");
    }
    for (const NodeId node : shard.learners) {
      text += fmt::format(" ~{}", snapshot->nodes[node.value()]);
    }
    text += fmt::format(" {}x{}\n", shard.bytes.count(), shard.replication_factor);
  }
  return text;
}

std::string read_text(const std::string& content) {
  const TemporaryFile file("snapshot.json", content);
  return text_of(read_snapshot(file.path()));
}

std::string with_cpu(const std::string& cpu) {
  return R"({"snapshot": 1, "nodes": [{"name": "a"}, {"name": "b"}],
             "shards": [{"name": "s0", "replicas": ["a", "b"])" +
         cpu + "}]}";
}

TEST(OwnSnapshot, CpuIsThatOfALeaderAndOfAFollower) {
  const TemporaryFile both("both.json", with_cpu(R"(, "leader_cpu": 900, "follower_cpu": 250)"));
  const auto snapshot = read_snapshot(both.path());
  ASSERT_TRUE(snapshot.has_value()) << text_of(snapshot);
  EXPECT_EQ(snapshot->view.shards[0].cpu, (distribution::CpuLoad{900, 250}));
  const TemporaryFile none("none.json", with_cpu(""));
  EXPECT_EQ(read_snapshot(none.path())->view.shards[0].cpu, distribution::CpuLoad{});
  const TemporaryFile half("half.json", with_cpu(R"(, "follower_cpu": 250)"));
  EXPECT_THAT(text_of(read_snapshot(half.path())),
              ::testing::HasSubstr("\"follower_cpu\" without \"leader_cpu\""));
}

TEST(OwnSnapshot, NodesAndShardsAreReadWithTheirDefaults) {
  const TemporaryFile file("snapshot.json", R"({
    "snapshot": 1,
    "nodes": [{"name": "a", "zone": "z1", "disk_bytes": 1000, "cpu_milli": 4000},
              {"name": "b", "zone": "z2", "disk_bytes": 2000, "disk_used_bytes": 700},
              {"name": "c", "zone": "z2", "state": "draining"}],
    "shards": [{"name": "s0", "collection": "shop", "replicas": ["a", "b"], "bytes": 100},
               {"name": 1, "collection": "shop", "replicas": ["c", "b"], "leader": "b",
                "bytes": 50, "replication_factor": 3, "pinned": true}]})");
  const auto snapshot = read_snapshot(file.path());
  EXPECT_EQ(text_of(snapshot), "shop/s0: a+ b 100x2\nshop/1: c b+ 50x3\n");
  ASSERT_TRUE(snapshot.has_value());
  EXPECT_TRUE(snapshot->knows_bytes);
  EXPECT_EQ(snapshot->view.shards[0].requests_per_second, 0u);
  const auto& nodes = snapshot->view.nodes;
  EXPECT_EQ(nodes[0].load.disk_used, Bytes(100));
  EXPECT_EQ(nodes[1].load.disk_used, Bytes(700));
  EXPECT_EQ(nodes[2].state, NodeState::Draining);
  EXPECT_NE(nodes[0].domain.zone, nodes[1].domain.zone);
  EXPECT_EQ(nodes[1].domain.zone, nodes[2].domain.zone);
  EXPECT_NE(nodes[1].domain.rack, nodes[2].domain.rack);
  EXPECT_TRUE(snapshot->view.shards[1].pinned);
}

constexpr char kNoSnapshot[] =
    "no snapshot: it has no \"snapshot\": 1, and `shardproof list snapshots` names the other "
    "formats";

TEST(OwnSnapshot, EveryMistakeIsToldWithItsLine) {
  const auto with = [](const std::string& node, const std::string& shard) {
    return read_text("{\"snapshot\": 1,\n\"nodes\": [{\"name\": \"a\"},\n" + node +
                     "],\n\"shards\": [\n" + shard + "]}");
  };
  const std::string good_node = R"({"name": "b"})";
  const std::string good_shard = R"({"name": "s", "replicas": ["a"]})";
  EXPECT_EQ(with(good_node, good_shard), "/s: a+ 0x1\n");
  EXPECT_EQ(with(R"({"name": "a"})", good_shard), "3: node \"a\" is there twice");
  EXPECT_THAT(with(R"({"name": "b", "disk_bytes": 100, "disk_used_bytes": 101})", good_shard),
              ::testing::HasSubstr("\"b\" is said to use 101 bytes of a disk of 100"));
  EXPECT_EQ(with(R"({"name": "b", "zoen": "x"})", good_shard),
            "3: unknown key \"zoen\"; did you mean \"zone\"?");
  EXPECT_EQ(with(R"({"name": "b", "state": "drainig"})", good_shard),
            "3: unknown state \"drainig\"; did you mean \"draining\"?");
  EXPECT_EQ(with(good_node, R"({"name": "s", "replicas": ["a", "c"]})").substr(0, 43),
            "5: replica \"c\" is no node of this snapshot;");
  EXPECT_EQ(with(good_node, R"({"name": "s", "replicas": ["a", "a"]})"),
            "5: replica \"a\" is there twice");
  EXPECT_EQ(with(good_node, R"({"name": "s", "replicas": ["a"], "leader": "b"})"),
            "5: leader \"b\" is none of the replicas");
  EXPECT_EQ(with(good_node, R"({"name": "s", "replicas": ["a"], "replication_factor": 9})"),
            "5: a replication factor of 9 with 2 nodes");
  EXPECT_EQ(with(good_node, R"({"name": "s"})"),
            "0: shard \"s\" has no replicas, and nothing says how to place it");
  EXPECT_EQ(with(good_node, good_shard + "," + good_shard),
            "0: shard \"s\" of collection \"\" is there twice, on lines 5 and 5");
  EXPECT_EQ(with(good_node, good_shard + R"(,{"name": "t", "replicas": ["a"], "bytes": 5})"),
            "0: 1 of 2 shards only tell their bytes: all or none");
  EXPECT_EQ(read_text("{\"snapshot\": 2}"), "1: a snapshot of another version than 1");
  EXPECT_EQ(read_text("{\"nodes\": []}"), std::string("0: ") + kNoSnapshot);
  EXPECT_EQ(read_text("{\n\"knots\": [\n{}]}"), std::string("3: ") + kNoSnapshot);
  EXPECT_EQ(read_text("{\"snapshot\": 1, \"shards\": []}"), "0: no nodes");
}

TEST(OwnSnapshot, KeysMayComeInAnyOrder) {
  EXPECT_EQ(read_text(R"({"nodes": [{"name": "a"}], "shards": [{"name": "s", "replicas": ["a"]}],
                          "snapshot": 1})"),
            "/s: a+ 0x1\n");
  EXPECT_EQ(read_text(R"({"shards": [{"name": "s", "replicas": ["a"]}], "snapshot": 1,
                          "nodes": [{"name": "a"}]})"),
            "/s: a+ 0x1\n");
  EXPECT_EQ(read_text("{\"shards\": [\n{\"name\": \"s\", \"replicas\": [\"b\"]}], "
                      "\"nodes\": [{\"name\": \"a\"}], \"snapshot\": 1}")
                .substr(0, 43),
            "2: replica \"b\" is no node of this snapshot;");
}

TEST(OwnSnapshot, InventoriesAreReadByTheirColumnsAndShardsPlaced) {
  const TemporaryFile nodes("plan_nodes.csv", "sn,mem,where\nx,100,a\ny,100,b\nz,100,a\n");
  const TemporaryFile shards("plan_pods.csv", "pod,mem\np0,10\np1,20\np2,30\n");
  const TemporaryFile file("snapshot.json", R"({"snapshot": 1,
    "nodes": {"csv": "shardproof_plan_nodes.csv",
              "columns": {"name": "sn", "disk_mib": "mem", "zone": "where"}},
    "shards": {"csv": "shardproof_plan_pods.csv", "columns": {"name": "pod", "mib": "mem"},
               "placement": "rendezvous", "replication_factor": 2}})");
  const auto snapshot = read_snapshot(file.path());
  ASSERT_TRUE(snapshot.has_value()) << text_of(snapshot);
  EXPECT_EQ(snapshot->shards, (std::vector<std::string>{"p0", "p1", "p2"}));
  Bytes used;
  for (const auto& node : snapshot->view.nodes) used += node.load.disk_used;
  EXPECT_EQ(used, Bytes(std::uint64_t{2 * 60} << 20));
  for (const auto& shard : snapshot->view.shards) {
    ASSERT_EQ(shard.replicas.size(), 2u);
    EXPECT_NE(snapshot->zones[shard.replicas[0].value()],
              snapshot->zones[shard.replicas[1].value()]);
  }
}

TEST(OwnSnapshot, ABadLineOfAnInventoryIsNamed) {
  const TemporaryFile nodes("plan_nodes.csv", "sn\nx\ny\n");
  const TemporaryFile shards("plan_pods.csv", "pod,mem,on\np0,10,x;y\np1,many,x\n");
  EXPECT_EQ(read_text(R"({"snapshot": 1,
    "nodes": {"csv": "shardproof_plan_nodes.csv", "columns": {"name": "sn"}},
    "shards": {"csv": "shardproof_plan_pods.csv",
               "columns": {"name": "pod", "mib": "mem", "replicas": "on"}}})"),
            "3: the size \"many\" is not a whole number of a sensible size");
  EXPECT_EQ(read_text(R"({"snapshot": 1, "nodes": {"cvs": "x"}})"),
            "1: unknown key \"nodes.cvs\"; did you mean \"nodes.csv\"?");
}

TEST(KafkaAssignment, TheFirstReplicaLeadsAndSizesAreNotKnown) {
  const TemporaryFile file("kafka.json", R"({"version":1,"partitions":[
    {"topic":"orders","partition":0,"replicas":[3,1],"log_dirs":["any","any"]},
    {"topic":"orders","partition":1,"replicas":[1,2],"log_dirs":["any","any"]}]})");
  const auto snapshot = read_snapshot(file.path());
  EXPECT_EQ(text_of(snapshot), "orders/0: 3+ 1 0x2\norders/1: 1+ 2 0x2\n");
  ASSERT_TRUE(snapshot.has_value());
  EXPECT_FALSE(snapshot->knows_bytes);
  EXPECT_EQ(snapshot->nodes, (std::vector<std::string>{"3", "1", "2"}));
}

TEST(KafkaAssignment, OfWhatGeneratePrintsTheCurrentAssignmentIsTaken) {
  const std::string current = R"({"version":1,"partitions":[
{"topic":"t","partition":0,"replicas":[3,1],"log_dirs":["any","any"]}]})";
  const std::string proposed = R"({"version":1,"partitions":[
{"topic":"t","partition":0,"replicas":[2,1],"log_dirs":["any","any"]}]})";
  const std::string heading = "Current partition replica assignment\n";
  const std::string rest = "\n\nProposed partition reassignment configuration\n" + proposed + "\n";
  EXPECT_EQ(read_text(heading + current + rest), "t/0: 3+ 1 0x2\n");
  EXPECT_EQ(read_text(heading + current), "t/0: 3+ 1 0x2\n");
  const TemporaryFile after("after.txt", "a warning\n" + heading + current + rest);
  EXPECT_EQ(text_of(read_kafka_assignment(after.path())), "t/0: 3+ 1 0x2\n");
  EXPECT_EQ(read_text(heading + "{\"partitions\": [\n{\"topic\": 4}]}"),
            "3: \"topic\" has to be a text, found a whole number");
  EXPECT_THAT(read_text(heading + rest), ::testing::StartsWith("4: not JSON: "));
  EXPECT_THAT(read_text(heading), ::testing::StartsWith("2: not JSON: it ends too early"));
  const TemporaryFile other("other.txt", rest);
  EXPECT_EQ(text_of(read_kafka_assignment(other.path())),
            "0: expected JSON, or a line \"Current partition replica assignment\" before it");
}

TEST(KafkaAssignment, MistakesAreToldWithTheirLine) {
  EXPECT_EQ(read_text("{\"version\": 2, \"partitions\": [{}]}"),
            "1: an assignment of another version than 1");
  EXPECT_EQ(read_text("{\"version\": 1, \"partitions\": []}"), std::string("1: ") + kNoSnapshot);
  EXPECT_EQ(read_text("{\"partitions\": [\n{\"topic\": \"t\", \"partition\": 0}]}"),
            "2: a partition without replicas");
  EXPECT_EQ(read_text("{\"partitions\": [\n{\"topic\": 4}]}"),
            "2: \"topic\" has to be a text, found a whole number");
}

constexpr char kCatShards[] =
    "index    shard prirep state      docs store ip         node\n"
    "my-index 0     p      STARTED    3014 31.5mb 10.0.0.1 es1\n"
    "my-index 0     r      STARTED    3013 29.6mb 10.0.0.2 es2\n"
    "my-index 1     p      RELOCATING 3973 1kb    10.0.0.1 es1 -> 10.0.0.3 Lxyz es3\n"
    "my-index 1     r      INITIALIZING                    10.0.0.2 es2\n"
    "logs     0     p      STARTED    12   208b   10.0.0.2 es2\n"
    "logs     0     r      UNASSIGNED\n";

constexpr char kCatShardsRead[] =
    "logs/0: es2+ 208x2\n"
    "my-index/0: es1+ es2 33030144x2\n"
    "my-index/1: es1+ ~es3 ~es2 1024x2\n";

TEST(CatShards, ATableIsReadWithAndWithoutItsHeading) {
  EXPECT_EQ(read_text(kCatShards), kCatShardsRead);
  EXPECT_EQ(read_text(std::string(kCatShards).substr(std::string(kCatShards).find('\n') + 1)),
            kCatShardsRead);
  const TemporaryFile file("cat.txt", kCatShards);
  const auto snapshot = read_cat_shards(file.path());
  ASSERT_TRUE(snapshot.has_value());
  EXPECT_EQ(snapshot->view.shards[2].move, (distribution::InFlightMove{NodeId(0), NodeId(2)}));
}

TEST(CatShards, TheSameAsJson) {
  EXPECT_EQ(read_text(R"([
    {"index":"my-index","shard":"0","prirep":"p","state":"STARTED","docs":"3014","store":"33030144",
     "ip":"10.0.0.1","node":"es1"},
    {"index":"my-index","shard":"0","prirep":"r","state":"UNASSIGNED","docs":null,"store":null,
     "ip":null,"node":null}])"),
            "my-index/0: es1+ 33030144x2\n");
}

TEST(CatShards, MistakesAreToldWithTheirLine) {
  EXPECT_EQ(read_text("index shard node\n"),
            "1: expected the columns index shard prirep state docs store ... node");
  EXPECT_EQ(read_text("a 0 p STARTED 5 1kb 10.0.0.1 x\nb 0 p ODD 5 1kb 10.0.0.1 x\n"),
            "2: unknown state \"ODD\"");
  EXPECT_EQ(read_text("a 0 p STARTED 5 lots 10.0.0.1 x\n"),
            "1: the store \"lots\" is no size like 208b or 1.2gb");
  EXPECT_EQ(read_text("a 0\n"), "1: expected 8 columns, found 2");
  EXPECT_EQ(read_text("a 0 p UNASSIGNED\n"), "0: shard 0 of index \"a\" has no started copy");
  EXPECT_EQ(read_text("[{\"index\": \"a\",\n\"shard\": \"0\"}]"), "2: \"prirep\" is missing");
}

TEST(SnapshotFormats, WhatWasGuessedIsTold) {
  const TemporaryFile file("guess.txt", "name = 5\n");
  const auto snapshot = read_snapshot(file.path());
  ASSERT_FALSE(snapshot.has_value());
  EXPECT_EQ(
      snapshot.error().reason,
      "expected 8 columns, found 3; taken for cat-shards, for it is no JSON: `shardproof list "
      "snapshots` says more of the formats that are read, shardproof, kafka, cat-shards; "
      "--format names one");
  const TemporaryFile empty("empty.txt", "\n");
  EXPECT_THAT(read_snapshot(empty.path()).error().reason,
              ::testing::StartsWith("an empty file; `shardproof list snapshots` says more of "));
}

TEST(CatShards, BlankFilesAndArrowsOutOfPlaceAreNoTables) {
  const TemporaryFile blank("blank.txt", " ");
  EXPECT_EQ(text_of(read_cat_shards(blank.path())), "0: no nodes");
  EXPECT_EQ(read_text("-> 0 p STARTED x\n"), "->/0: x+ 0x1\n");
}

TEST(OwnSnapshot, AmountsBeyondReasonAreRefused) {
  EXPECT_EQ(
      read_text(R"({"snapshot": 1, "nodes": [{"name": "a", "disk_bytes": 1125899906842625}]})"),
      "1: 1125899906842625 is beyond 2^50, which nothing holds: is the unit right?");
}

TEST(SnapshotFormats, AreFoundByName) {
  EXPECT_EQ(find_snapshot_format("kafka")->read, &read_kafka_assignment);
  EXPECT_EQ(find_snapshot_format("csv"), nullptr);
}

}  // namespace
}  // namespace shardproof::sim
