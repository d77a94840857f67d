// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "core/base/stable_hash.hpp"
#include "property_tests/scenario_generators.hpp"
#include "sim/campaign/shrink.hpp"
#include "sim/campaign/shrunk_text.hpp"
#include "sim/scenario/printer.hpp"
#include "sim/scenario/reader.hpp"

namespace shardproof {
namespace {

using sim::ScenarioSpec;
using sim::campaign::Reproduction;

void assert_reads_back(const ScenarioSpec& spec, const std::string& text) {
  const auto read = sim::read_scenario(text, "candidate.toml");
  if (!read) {
    for (const auto& diagnostic : read.error().diagnostics)
      RC_LOG() << to_string(diagnostic) << "\n";
    RC_LOG() << text;
    RC_FAIL("the reader refuses a candidate");
  }
  RC_ASSERT(read->spec == spec);
}

// The oracle goes any way: each candidate fails or not by a hash of its text.
RC_GTEST_PROP(Shrink, EveryCandidateOfAnyScenarioIsOneThatTheReaderAccepts, ()) {
  const ScenarioSpec spec = testing::any_scenario();
  const auto salt = *rc::gen::inRange<std::uint64_t>(0, 1'000'000);
  const auto one_in = *rc::gen::inRange<std::uint64_t>(1, 6);
  const sim::campaign::Reproduces any_way =
      [&](std::span<const ScenarioSpec> candidates) -> Reproduction {
    for (std::size_t i = 0; i < candidates.size(); ++i) {
      const std::string text = sim::to_sparse_toml(candidates[i]);
      assert_reads_back(candidates[i], text);
      const std::uint64_t draw = stable_hash(text, salt);
      if (draw % one_in != 0) continue;
      const auto span = static_cast<std::uint64_t>(candidates[i].duration.count());
      return {i, Nanoseconds(static_cast<std::int64_t>(draw % span)), false};
    }
    return {};
  };
  sim::campaign::ShrinkOptions options;
  options.runs_max = 300;
  options.other_seeds = 1;
  const auto shrunk = sim::campaign::shrink(spec, std::nullopt, any_way, options);
  sim::campaign::Failure failure;
  failure.detail = spec.about;
  assert_reads_back(shrunk.spec, sim::campaign::shrunk_toml({spec, shrunk.spec, failure, "a.toml",
                                                             "b.toml", "", shrunk.runs}));
}

}  // namespace
}  // namespace shardproof
