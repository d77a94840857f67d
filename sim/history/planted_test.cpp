// SPDX-License-Identifier: Apache-2.0
//
// True histories, in which one answer is replaced by a wrong one.
#include <functional>

#include <gtest/gtest.h>

#include "sim/history/true_history_testing.hpp"

namespace shardproof::sim::history {
namespace {

constexpr std::uint64_t kSeeds = 300;

using Kind = Contradiction::Kind;
/// Makes one lie of a true history, if it has the place for it.
using Plant = std::function<bool(std::vector<Told>&)>;

/// Plants where it can, in histories of many seeds: each true one has no contradiction, and each
/// lie is found. How many were planted.
int plant_everywhere(TrueHistorySettings settings, const Plant& plant) {
  int planted = 0;
  for (std::uint64_t seed = 1; seed <= kSeeds; ++seed) {
    Random random(seed);
    std::vector<Told> history = true_history(settings, random);
    EXPECT_FALSE(judge_told(history).has_value()) << seed << ": " << judge_told(history)->text;
    if (!plant(history)) continue;
    EXPECT_TRUE(judge_told(history).has_value()) << "at seed " << seed;
    ++planted;
  }
  return planted;
}

bool is_done(const Told& told) { return told.status == ReplyStatus::Ok; }
bool writes(const Told& told) { return is_write(told.kind) && told.content != 0 && is_done(told); }

/// The first of which `predicate` holds, from `begin` on; null if there is none.
Told* find(std::vector<Told>& history, std::size_t begin,
           const std::function<bool(const Told&)>& predicate) {
  for (std::size_t i = begin; i < history.size(); ++i) {
    if (predicate(history[i])) return &history[i];
  }
  return nullptr;
}

/// Two writes that follow each other, and a read after both.
struct TwoWrites {
  const Told* older = nullptr;
  const Told* newer = nullptr;
  Told* later_read = nullptr;
};
TwoWrites two_writes(std::vector<Told>& history) {
  TwoWrites found;
  found.older = find(history, 0, writes);
  if (found.older == nullptr) return {};
  found.newer = find(
      history, 0, [&](const Told& told) { return writes(told) && told.from > found.older->until; });
  if (found.newer == nullptr) return {};
  found.later_read = find(history, 0, [&](const Told& told) {
    return told.kind == OperationKind::Read && told.from > found.newer->until;
  });
  return found;
}

TEST(Planted, AStaleReadIsFound) {
  const int planted = plant_everywhere({}, [](std::vector<Told>& history) {
    const TwoWrites found = two_writes(history);
    if (found.later_read == nullptr) return false;
    *found.later_read = read(found.later_read->client, found.older->content, found.later_read->from,
                             found.later_read->until);
    return true;
  });
  EXPECT_GT(planted, 200);
}

TEST(Planted, ALostWriteIsFound) {
  TrueHistorySettings settings;
  settings.conditional = false;
  const int planted = plant_everywhere(settings, [](std::vector<Told>& history) {
    Told* lost = find(history, 0, writes);
    if (lost == nullptr) return false;
    Told* reader = find(history, 0, [&](const Told& told) {
      return told.kind == OperationKind::Read && told.from > lost->until;
    });
    if (reader == nullptr) return false;
    *reader = read(reader->client, 0, reader->from, reader->until);
    return true;
  });
  EXPECT_GT(planted, 200);
}

TEST(Planted, AResurrectedDeleteIsFound) {
  const int planted = plant_everywhere({}, [](std::vector<Told>& history) {
    for (const Told& removed : history) {
      if (removed.kind != OperationKind::Remove || !is_done(removed)) continue;
      const Told* before = find(
          history, 0, [&](const Told& told) { return writes(told) && told.until < removed.from; });
      Told* reader = find(history, 0, [&](const Told& told) {
        return told.kind == OperationKind::Read && told.from > removed.until;
      });
      if (before == nullptr || reader == nullptr) continue;
      *reader = read(reader->client, before->content, reader->from, reader->until);
      return true;
    }
    return false;
  });
  EXPECT_GT(planted, 200);
}

TEST(Planted, AValueFromNowhereIsFound) {
  const int planted = plant_everywhere({}, [](std::vector<Told>& history) {
    Told* reader = find(history, 0, [](const Told& told) { return !is_write(told.kind); });
    *reader = read(reader->client, 1'000'000, reader->from, reader->until);
    return true;
  });
  EXPECT_EQ(planted, static_cast<int>(kSeeds));
}

TEST(Planted, AReadFromTheFutureIsFound) {
  const int planted = plant_everywhere({}, [](std::vector<Told>& history) {
    Told* reader = find(history, 0, [](const Told& told) { return !is_write(told.kind); });
    const Told* later = find(
        history, 0, [&](const Told& told) { return writes(told) && told.from > reader->until; });
    if (later == nullptr) return false;
    *reader = read(reader->client, later->content, reader->from, reader->until);
    return true;
  });
  EXPECT_GT(planted, 200);
}

TEST(Planted, AWriteThatWasDoneAndUndoneIsFound) {
  const int planted = plant_everywhere({}, [](std::vector<Told>& history) {
    Told* refused = find(history, 0, [&](const Told& told) {
      if (!writes(told) || told.kind != OperationKind::Insert) return false;
      return find(history, 0, [&](const Told& other) {
               return other.kind == OperationKind::Read && other.content == told.content;
             }) != nullptr;
    });
    if (refused == nullptr) return false;
    refused->status = ReplyStatus::AlreadyExists;
    return true;
  });
  EXPECT_GT(planted, 100);
}

TEST(Planted, OrdersThatTwoClientsDoNotAgreeOnAreFound) {
  TrueHistorySettings settings;
  settings.conditional = false;
  settings.by_replicas = true;
  const int planted = plant_everywhere(settings, [](std::vector<Told>& history) {
    std::uint64_t end = 0;
    for (const Told& told : history) end = std::max(end, told.until);
    // Two writes that overlap, and two clients of their own that read both while they last.
    history.push_back(replace(10, 901, end + 1, end + 40));
    history.push_back(replace(11, 902, end + 1, end + 40));
    for (const std::uint32_t client : {12u, 13u}) {
      history.push_back(replica_read(client, client == 12 ? 901 : 902, end + 2, end + 20));
      history.push_back(replica_read(client, client == 12 ? 902 : 901, end + 21, end + 39));
    }
    return true;
  });
  EXPECT_EQ(planted, static_cast<int>(kSeeds));
}

TEST(Planted, AReplicaThatGoesBackIsFound) {
  TrueHistorySettings settings;
  settings.conditional = false;
  settings.by_replicas = true;
  const int planted = plant_everywhere(settings, [](std::vector<Told>& history) {
    const TwoWrites found = two_writes(history);
    if (found.newer == nullptr) return false;
    const std::uint64_t after = found.newer->until;
    history.push_back(replica_read(20, found.newer->content, after + 1, after + 2));
    history.push_back(replica_read(20, found.older->content, after + 3, after + 4));
    return true;
  });
  EXPECT_GT(planted, 200);
}

}  // namespace
}  // namespace shardproof::sim::history
