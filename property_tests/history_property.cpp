// SPDX-License-Identifier: Apache-2.0
//
// The judgement of a document's history against a search through all orders.
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "property_tests/register_search.hpp"
#include "sim/history/true_history_testing.hpp"

namespace shardproof::sim::history {
namespace {

/// Some answers, or times of answers, become others.
void falsify(std::vector<Told>& history, Random& random) {
  for (std::uint64_t lies = random.below(3); lies > 0; --lies) {
    const auto at = static_cast<std::uint32_t>(random.below(history.size()));
    Told& told = history[at];
    const bool is_read = told.kind == OperationKind::Read;
    if (is_read) {
      const std::uint64_t content = random.below(history.size() + 1);
      told = read(told.client, content, told.from, told.until);
    } else {
      told.until = told.from + 1 + random.below(10);
      // It may not be over when its client goes on.
      told.client = 100 + at;
    }
  }
}

/// Of few operations that overlap a lot, true or not.
std::vector<Told> any_history(bool conditional) {
  const auto seed = *rc::gen::arbitrary<std::uint64_t>();
  Random random(seed);
  TrueHistorySettings settings;
  settings.operations = static_cast<std::uint32_t>(*rc::gen::inRange(1, 13));
  settings.clients = static_cast<std::uint32_t>(*rc::gen::inRange(1, 5));
  settings.conditional = conditional;
  std::vector<Told> history = true_history(settings, random);
  falsify(history, random);
  return history;
}

RC_GTEST_PROP(HistoryJudge, DecidesAsTheSearchDoesWhatOnlyReplacesAndReads, ()) {
  for (int i = 0; i < 20; ++i) {
    const std::vector<Told> history = any_history(false);
    const auto found = judge_told(history);
    const bool has_explanation = RegisterSearch(history).has_explanation();
    RC_ASSERT(found.has_value() == !has_explanation);
  }
}

RC_GTEST_PROP(HistoryJudge, ReportsNothingThatHasAnExplanation, ()) {
  int unnoticed = 0;
  for (int i = 0; i < 20; ++i) {
    const std::vector<Told> history = any_history(true);
    const auto found = judge_told(history);
    const bool has_explanation = RegisterSearch(history).has_explanation();
    RC_ASSERT(!found.has_value() || !has_explanation);
    unnoticed += !found.has_value() && !has_explanation ? 1 : 0;
  }
  RC_CLASSIFY(unnoticed > 0, "a contradiction was not noticed");
}

RC_GTEST_PROP(HistoryJudge, ReportsNothingOfCorrectReplicas, ()) {
  Random random(*rc::gen::arbitrary<std::uint64_t>());
  TrueHistorySettings settings;
  settings.operations = static_cast<std::uint32_t>(*rc::gen::inRange(1, 200));
  settings.clients = static_cast<std::uint32_t>(*rc::gen::inRange(1, 9));
  settings.by_replicas = true;
  const auto found = judge_told(true_history(settings, random));
  RC_ASSERT(!found.has_value());
}

}  // namespace
}  // namespace shardproof::sim::history
