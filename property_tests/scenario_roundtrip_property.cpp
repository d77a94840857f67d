// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "property_tests/scenario_generators.hpp"
#include "sim/scenario/printer.hpp"
#include "sim/scenario/reader.hpp"

namespace shardproof {
namespace {

RC_GTEST_PROP(ScenarioRoundtrip, WhatIsPrintedReadsBackAsTheSameScenario, ()) {
  const sim::ScenarioSpec spec = testing::any_scenario();
  const std::string printed = sim::to_toml(spec);
  const auto read = sim::read_scenario(printed, "printed.toml");
  if (!read) {
    for (const auto& diagnostic : read.error().diagnostics)
      RC_LOG() << to_string(diagnostic) << "\n";
    RC_FAIL("the reader refuses what the printer wrote");
  }
  RC_LOG() << printed;
  RC_ASSERT(read->spec == spec);
  RC_ASSERT(sim::to_toml(read->spec) == printed);
}

RC_GTEST_PROP(ScenarioRoundtrip, WhatIsPrintedWithoutDefaultsReadsBackAsTheSameScenario, ()) {
  sim::ScenarioSpec spec = testing::any_scenario();
  const sim::ScenarioSpec plain;
  if (*rc::gen::arbitrary<bool>()) spec.policy = plain.policy;
  if (*rc::gen::arbitrary<bool>()) spec.disk = plain.disk;
  testing::leave_out_what_is_too_large(spec);
  if (*rc::gen::arbitrary<bool>()) spec.client.attempts = plain.client.attempts;
  for (std::size_t i = 0; i < spec.traffic.size(); ++i) {
    sim::TrafficSpec& traffic = spec.traffic[i];
    const sim::TrafficSpec usual = sim::default_traffic(i, spec.duration);
    if (*rc::gen::arbitrary<bool>()) traffic.name = usual.name;
    if (*rc::gen::arbitrary<bool>()) traffic.stop = usual.stop;
    if (!traffic.trace && *rc::gen::arbitrary<bool>()) traffic.mix = usual.mix;
  }
  const std::string printed = sim::to_sparse_toml(spec);
  RC_LOG() << printed;
  const auto read = sim::read_scenario(printed, "printed.toml");
  if (!read) {
    for (const auto& diagnostic : read.error().diagnostics)
      RC_LOG() << to_string(diagnostic) << "\n";
    RC_FAIL("the reader refuses what the printer wrote");
  }
  RC_ASSERT(read->spec == spec);
}

RC_GTEST_PROP(ScenarioRoundtrip, AnyTextIsAnsweredWithoutAFailure, ()) {
  const sim::ScenarioSpec spec = testing::any_scenario();
  std::string text = sim::to_toml(spec);
  const auto cuts = *rc::gen::inRange(1, 4);
  for (int i = 0; i < cuts; ++i) {
    const auto begin = *rc::gen::inRange<std::size_t>(0, text.size());
    const auto length = *rc::gen::inRange<std::size_t>(1, 20);
    const auto replacement =
        *rc::gen::element<std::string>("", "-", "nan", "\"", "]", "0", "= 1\n");
    text.replace(begin, length, replacement);
  }
  const auto read = sim::read_scenario(text, "damaged.toml");
  if (!read) {
    RC_ASSERT(!read.error().diagnostics.empty());
  } else {
    RC_ASSERT(sim::read_scenario(sim::to_toml(read->spec), "again.toml")->spec == read->spec);
  }
}

}  // namespace
}  // namespace shardproof
