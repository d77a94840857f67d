// SPDX-License-Identifier: Apache-2.0
#include "sim/history/lanes.hpp"

#include <set>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "sim/history/history_testing.hpp"

namespace shardproof::sim::history {
namespace {

using ::testing::ElementsAre;

ClientLanes lanes_after(const std::vector<Told>& operations) {
  const Judgement judgement = judgement_of(history_of(operations));
  SHARDPROOF_CHECK(judgement.findings.size() == 1);
  return judgement.findings.front().lanes;
}

std::vector<std::string> texts(const ClientLanes& lanes) {
  std::vector<std::string> all;
  for (const ClientOperation& operation : lanes.operations) {
    all.push_back(fmt::format("{}{}: {}, {}", operation.is_contradictory ? ">" : "",
                              operation.client, operation.question, operation.answer));
  }
  return all;
}

TEST(Lanes, SayWhatWasAskedAndToldInOrder) {
  const ClientLanes lanes =
      lanes_after({insert(0, 1, 1, 2), read(2, 1, 3, 4), swap(2, 1, 2, 5, 6),
                   with_status(insert(2, 3, 7, 8), ReplyStatus::AlreadyExists, 2),
                   with_status(replace(2, 4, 9, 10), ReplyStatus::Unknown), read(3, 1, 11, 12),
                   removal(0, 13, 0)});
  EXPECT_EQ(lanes.document, "a");
  EXPECT_THAT(texts(lanes),
              ElementsAre(">k0: insert #1, ok", "k2: read, -> #1", ">k2: swap #1 for #2, ok",
                          "k2: insert #3, refused: has #2", "k2: replace #4, unknown",
                          ">k3: read, -> #1", "k0: remove, no answer"));
  EXPECT_EQ(lanes.operations[2].asked_at, time_of(5));
  EXPECT_EQ(lanes.operations[2].answered_at, time_of(6));
  EXPECT_EQ(lanes.operations.back().answered_at, std::nullopt);
}

TEST(Lanes, AreFewHoweverMuchWasAsked) {
  std::vector<Told> operations = {replace(0, 1, 1, 2), replace(0, 2, 3, 4)};
  for (std::uint32_t i = 0; i < 100; ++i) {
    operations.push_back(read(10 + i % 6, 2, 10 + 2 * i, 11 + 2 * i));
  }
  operations.push_back(read(5, 1, 400, 401));
  const ClientLanes lanes = lanes_after(operations);
  EXPECT_EQ(lanes.operations.size(), 8u);
  std::set<ClientId> clients;
  for (const ClientOperation& operation : lanes.operations) clients.insert(operation.client);
  EXPECT_LE(clients.size(), 3u);
}

}  // namespace
}  // namespace shardproof::sim::history
