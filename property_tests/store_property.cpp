// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "property_tests/store_harness.hpp"

namespace shardproof::property_tests {
namespace {

/// A command, an operation's end or a crash; `seed` gives its details.
struct Step {
  enum class Kind : std::uint8_t {
    CreateOrDrop,
    Append,
    Apply,
    Truncate,
    Stage,
    EndStage,
    Complete,
    Trouble,
    Timer,
    Crash,
  };
  Kind kind = Kind::Append;
  std::uint32_t seed = 0;
};

void showValue(const Step& step, std::ostream& out) {
  out << static_cast<int>(step.kind) << ':' << step.seed;
}

rc::Gen<std::vector<Step>> steps() {
  const auto kind = rc::gen::weightedElement<Step::Kind>({{2, Step::Kind::CreateOrDrop},
                                                          {14, Step::Kind::Append},
                                                          {5, Step::Kind::Apply},
                                                          {2, Step::Kind::Truncate},
                                                          {5, Step::Kind::Stage},
                                                          {2, Step::Kind::EndStage},
                                                          {16, Step::Kind::Complete},
                                                          {2, Step::Kind::Trouble},
                                                          {2, Step::Kind::Timer},
                                                          {1, Step::Kind::Crash}});
  const auto step =
      rc::gen::build<Step>(rc::gen::set(&Step::kind, kind),
                           rc::gen::set(&Step::seed, rc::gen::inRange<std::uint32_t>(0, 1u << 20)));
  return rc::gen::withSize([=](int size) {
    return rc::gen::resize(size * 6, rc::gen::container<std::vector<Step>>(step));
  });
}

DiskOutcome draw_trouble(Random& random) {
  const std::uint64_t draw = random.below(3);
  return draw == 0 ? DiskOutcome::Failed : draw == 1 ? DiskOutcome::Full : DiskOutcome::Unknown;
}

void perform(StoreHarness& harness, const Step& step) {
  Random random(step.seed);
  switch (step.kind) {
    case Step::Kind::CreateOrDrop: harness.create_or_drop(random); break;
    case Step::Kind::Append: harness.append(random); break;
    case Step::Kind::Apply: harness.apply(random); break;
    case Step::Kind::Truncate: harness.truncate(random); break;
    case Step::Kind::Stage: harness.stage(random); break;
    case Step::Kind::EndStage: harness.end_stage(random); break;
    case Step::Kind::Complete: harness.complete(random, DiskOutcome::Ok); break;
    case Step::Kind::Trouble: {
      const DiskOutcome outcome = draw_trouble(random);
      harness.complete(random, outcome);
      break;
    }
    case Step::Kind::Timer: harness.fire_timer(); break;
    case Step::Kind::Crash: harness.crash(UnsyncedFate::Mixed, random); break;
  }
}

RC_GTEST_PROP(StoreProperty, EqualsTheNaiveStoreThroughFailuresAndCrashes, ()) {
  const auto run = *steps();
  StoreHarness harness;
  for (std::size_t at = 0; at < run.size(); ++at) {
    perform(harness, run[at]);
    if (at % 16 == 0) harness.compare();
  }
  Random random(1);
  harness.settle(random);
  harness.compare();
  RC_ASSERT(harness.store().durable().value == harness.model().last());
  harness.crash(UnsyncedFate::Lost, random);
  RC_TAG(harness.compactions() > 0 ? "compacted" : "not compacted");
}

/// A fixed course of commands with the disk doing what it is asked at a drawn pace.
class Course {
 public:
  explicit Course(std::uint64_t seed) : random_(seed) {}

  /// Until `completions` operations have ended, or the course is over: false.
  bool run(StoreHarness& harness, std::uint64_t completions) {
    while (harness.completed() < completions) {
      if (step_ == kSteps) return false;
      const std::uint64_t draw = random_.below(16);
      if (draw < 5) harness.append(random_);
      if (draw == 5) harness.apply(random_);
      if (draw == 6 && step_ % 4 == 0) harness.truncate(random_);
      if (draw == 7) harness.stage(random_);
      if (draw == 8 && step_ % 2 == 0) harness.end_stage(random_);
      if (draw == 9 && step_ % 8 < 3) harness.create_or_drop(random_);
      if (draw > 9) harness.complete(random_, DiskOutcome::Ok);
      ++step_;
    }
    return true;
  }

 private:
  static constexpr std::uint64_t kSteps = 700;
  Random random_;
  std::uint64_t step_ = 0;
};

TEST(StoreCrashes, AtEveryDiskOperationNothingDurableIsLostAndNothingIsHalf) {
  std::uint64_t compactions = 0;
  for (const UnsyncedFate fate : {UnsyncedFate::Lost, UnsyncedFate::Kept, UnsyncedFate::Torn,
                                  UnsyncedFate::Holed, UnsyncedFate::Mixed}) {
    for (std::uint64_t completions = 0;; ++completions) {
      StoreHarness harness;
      Course course(7);
      if (!course.run(harness, completions)) break;
      compactions = std::max(compactions, harness.compactions());
      Random random(completions);
      harness.crash(fate, random);
      // The second crash meets what the first one left behind.
      course.run(harness, completions + 5);
      harness.crash(fate, random);
      harness.compare();
    }
  }
  EXPECT_GE(compactions, 5u);
}

RC_GTEST_PROP(StoreProperty, DamageIsFoundAndNothingBehindItBecomesContent, ()) {
  StoreHarness harness;
  Course course(*rc::gen::inRange<std::uint64_t>(0, 1000));
  course.run(harness, *rc::gen::inRange<std::uint64_t>(20, 200));
  DiskImage image = harness.disk().image();
  const std::vector<FileId> needed = storage::recover_copies(image, NodeId(0)).needed;
  RC_PRE(!needed.empty());
  const FileId victim = needed[*rc::gen::inRange<std::size_t>(0, needed.size())];
  for (DiskFile& file : image.files) {
    if (file.id != victim) continue;
    const auto bit = *rc::gen::inRange<std::size_t>(0, file.data.size() * 8);
    file.data[bit / 8] = static_cast<char>(file.data[bit / 8] ^ (1 << bit % 8));
  }
  DocumentStore damaged;
  Effects effects;
  damaged.recover(image, effects);
  const storage::RecoveryReport& report = damaged.recovery_report();
  RC_ASSERT(report.bad_tails + report.bad_checkpoints > 0);
  // Of what was durable nothing is left, or all but a tail that may as well have been torn.
  if (report.has_lost_data()) {
    RC_ASSERT(damaged.copies().empty());
    return;
  }
  // A checkpoint that lost its first record is not known as one any more, but never as a log
  // either.
  compare_recovered(damaged, harness.model());
}

/// Keeps what is appended, all of it to new files, and of what is to be removed every file.
void keep_appends(Effects& effects, DiskImage& image) {
  for (const DiskOp& operation : effects.disk_ops()) {
    if (operation.kind != DiskOpKind::Append) continue;
    image.files.push_back({operation.file, operation.data, operation.size});
  }
  effects.clear();
}

RC_GTEST_PROP(StoreProperty, WhateverAnotherNodeHasWrittenOnADiskIsNothing, ()) {
  Random random(*rc::gen::arbitrary<std::uint64_t>());
  StoreHarness harness;
  Course course(*rc::gen::inRange<std::uint64_t>(0, 1000));
  course.run(harness, *rc::gen::inRange<std::uint64_t>(1, 300));
  const auto fate = *rc::gen::element(UnsyncedFate::Kept, UnsyncedFate::Torn, UnsyncedFate::Mixed);
  if (*rc::gen::arbitrary<bool>()) harness.crash(fate, random);
  DiskImage image = harness.disk().image();
  image.is_replacement = true;
  const NodeId owner(*rc::gen::inRange<std::uint32_t>(1, 100));
  constexpr ShardId kNew(77);
  for (int boots = 0; boots < 3; ++boots) {
    DocumentStore store({}, {}, {}, owner);
    Effects effects;
    store.recover(image, effects);
    RC_ASSERT(store.has_lost_data());
    RC_ASSERT(!store.recovery_report().has_lost_data());
    RC_ASSERT(store.copies() == (boots == 0 ? std::vector<ShardId>{} : std::vector<ShardId>{kNew}));
    // Its own records are found among those of the other, however often it boots.
    if (boots == 0) {
      store.create(kNew, effects);
    } else {
      auto* entry = new LogEntry;
      entry->version = {Epoch(1), LogIndex(static_cast<std::uint64_t>(boots))};
      store.append(kNew, EntryRef(entry), {}, effects);
    }
    keep_appends(effects, image);
  }
}

RC_GTEST_PROP(StoreProperty, ASmallDiskFillsUpAndNothingIsLost, ()) {
  const auto run = *steps();
  StoreHarness harness(Bytes(*rc::gen::inRange(2'000, 20'000)));
  for (const Step& step : run) perform(harness, step);
  RC_ASSERT(harness.disk().used() <= Bytes(20'000));
  harness.compare();
  Random random(2);
  harness.crash(UnsyncedFate::Mixed, random);
  harness.disk().set_capacity(Bytes(1'000'000));
  harness.settle(random);
  RC_ASSERT(harness.store().durable().value == harness.model().last());
}

TEST(StoreCompaction, KeepsTheDiskWithinTheFactorOfTheContent) {
  StoreHarness harness;
  Course course(3);
  course.run(harness, 400);
  Random random(4);
  for (int i = 0; i < 5'000; ++i) {
    harness.append(random);
    harness.apply(random);
    harness.complete(random, DiskOutcome::Ok);
    harness.complete(random, DiskOutcome::Ok);
  }
  harness.settle(random);
  EXPECT_GT(harness.compactions(), 10u);
  EXPECT_LE(harness.disk().files(), 4u);
}

}  // namespace
}  // namespace shardproof::property_tests
