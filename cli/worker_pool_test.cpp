// SPDX-License-Identifier: Apache-2.0
#include "cli/worker_pool.hpp"

#include <signal.h>
#include <unistd.h>

#include <map>
#include <stdexcept>
#include <string>

#include <fmt/format.h>
#include <gtest/gtest.h>

namespace shardproof::cli {
namespace {

/// What came of jobs 0 .. count-1.
std::map<std::uint64_t, WorkerPool::Done> do_all(WorkerPool& pool, std::uint64_t count) {
  std::map<std::uint64_t, WorkerPool::Done> all;
  std::uint64_t next = 0;
  while (next < count || pool.is_busy()) {
    while (next < count && pool.has_idle()) pool.give(next++);
    if (auto done = pool.wait(20)) all.emplace(done->job, *done);
  }
  return all;
}

TEST(WorkerPool, EveryJobIsAnsweredOnceHoweverManyChildrenThereAre) {
  for (const std::size_t workers : {1u, 3u, 20u}) {
    WorkerPool pool(workers, [](std::uint64_t job) { return fmt::format("did {}", job); });
    const auto all = do_all(pool, 17);
    ASSERT_EQ(all.size(), 17u);
    for (const auto& [job, done] : all) {
      EXPECT_EQ(done.answer, fmt::format("did {}", job));
      EXPECT_FALSE(done.death.has_value());
    }
  }
}

TEST(WorkerPool, JobsAreDoneInOtherProcesses) {
  WorkerPool pool(1, [](std::uint64_t) { return std::to_string(::getpid()); });
  const auto all = do_all(pool, 2);
  EXPECT_NE(all.at(0).answer, std::to_string(::getpid()));
  EXPECT_EQ(all.at(0).answer, all.at(1).answer);
}

TEST(WorkerPool, AnswersOfAnySizeArriveWhole) {
  WorkerPool pool(2, [](std::uint64_t job) { return std::string(job * 1'000'003, 'x'); });
  const auto all = do_all(pool, 4);
  for (const auto& [job, done] : all) EXPECT_EQ(done.answer.size(), job * 1'000'003);
}

TEST(WorkerPool, AChildThatDiesIsAnAnswerAndTheOthersAreDoneAllTheSame) {
  WorkerPool pool(2, [](std::uint64_t job) -> std::string {
    if (job == 2) ::kill(::getpid(), SIGKILL);
    if (job == 4) ::_exit(9);
    return "done";
  });
  const auto all = do_all(pool, 8);
  ASSERT_EQ(all.size(), 8u);
  EXPECT_EQ(all.at(2).death, "killed by signal 9: Killed");
  EXPECT_EQ(all.at(4).death, "ended with status 9");
  for (const std::uint64_t job : {0, 1, 3, 5, 6, 7}) {
    EXPECT_FALSE(all.at(job).death.has_value()) << job;
    EXPECT_EQ(all.at(job).answer, "done");
  }
}

TEST(WorkerPool, AChildThatThrowsTakesNobodyAlong) {
  WorkerPool pool(3, [](std::uint64_t job) -> std::string {
    if (job % 3 == 0) throw std::runtime_error("no");
    return "done";
  });
  const auto all = do_all(pool, 12);
  for (const auto& [job, done] : all) EXPECT_EQ(done.death.has_value(), job % 3 == 0) << job;
}

TEST(WorkerPool, AJobThatDoesNotEndIsEndedAndTheOthersAreDoneAllTheSame) {
  const auto work = [](std::uint64_t job) -> std::string {
    if (job == 1) ::pause();
    return "done";
  };
  WorkerPool pool(2, work, milliseconds(200));
  const auto all = do_all(pool, 5);
  ASSERT_EQ(all.size(), 5u);
  EXPECT_EQ(all.at(1).death, "not done within 200 ms");
  for (const std::uint64_t job : {0, 2, 3, 4}) EXPECT_EQ(all.at(job).answer, "done") << job;
}

TEST(WorkerPool, WaitingEndsAfterItsTime) {
  WorkerPool pool(1, [](std::uint64_t) -> std::string {
    ::pause();
    return {};
  });
  pool.give(0);
  EXPECT_FALSE(pool.wait(10).has_value());
  EXPECT_TRUE(pool.is_busy());
}

TEST(WorkerPool, WhatAChildHasWrittenIsKnownWhenItDies) {
  WorkerPool::Slate* slate = nullptr;
  WorkerPool pool(
      1,
      [&](std::uint64_t job) -> std::string {
        if (job == 0) (*slate)[7] = std::byte{1};
        if (job == 1) {
          (*slate)[8] = std::byte{2};
          ::kill(::getpid(), SIGKILL);
        }
        return "done";
      },
      Nanoseconds(0), [&](WorkerPool::Slate& mine) { slate = &mine; });
  const auto all = do_all(pool, 2);
  EXPECT_EQ(all.at(0).slate, WorkerPool::Slate{});
  EXPECT_EQ(all.at(1).slate[7], std::byte{0}) << "left by another job";
  EXPECT_EQ(all.at(1).slate[8], std::byte{2});
}

}  // namespace
}  // namespace shardproof::cli
