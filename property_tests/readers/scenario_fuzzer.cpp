// SPDX-License-Identifier: Apache-2.0
//
// Any bytes as a scenario: errors have places within the text, and a scenario that may run is the
// same one again after it was printed, in full and sparsely.

#include <algorithm>
#include <cstdint>
#include <string_view>

#include "core/base/check.hpp"
#include "sim/scenario/printer.hpp"
#include "sim/scenario/reader.hpp"

namespace {

using namespace shardproof;

void check_places(const std::vector<sim::Diagnostic>& diagnostics, std::string_view text) {
  const auto lines = static_cast<std::uint64_t>(std::count(text.begin(), text.end(), '\n')) + 1;
  for (const sim::Diagnostic& diagnostic : diagnostics) {
    SHARDPROOF_CHECK(!diagnostic.message.empty(), "a diagnostic without words");
    SHARDPROOF_CHECK(diagnostic.at.line <= lines, "a place behind the end of the text");
  }
}

void check_same_again(const sim::ScenarioSpec& spec, const std::string& text) {
  const auto again = sim::read_scenario(text, "printed.toml");
  SHARDPROOF_CHECK(again.has_value(), "what was printed cannot be read");
  SHARDPROOF_CHECK(again->spec == spec, "what was printed is another scenario");
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const auto scenario = sim::read_scenario(text, "input.toml");
  if (!scenario) {
    SHARDPROOF_CHECK(!scenario.error().diagnostics.empty(), "refused without a reason");
    check_places(scenario.error().diagnostics, text);
    return 0;
  }
  check_places(scenario->warnings, text);
  check_same_again(scenario->spec, sim::to_toml(scenario->spec));
  check_same_again(scenario->spec, sim::to_sparse_toml(scenario->spec));
  return 0;
}
