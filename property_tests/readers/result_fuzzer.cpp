// SPDX-License-Identifier: Apache-2.0
//
// Any bytes as a result.json: what is accepted has checkpoints in order, the last of them the run's
// end, and as many numbers of each stream as marks; its scenario is read as `replay` reads it.

#include <algorithm>
#include <cstdint>

#include "core/base/check.hpp"
#include "property_tests/readers/memory_file.hpp"
#include "reports/recorded_run.hpp"
#include "sim/scenario/reader.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace shardproof;
  const readers::MemoryFile file(data, size);
  const auto run = reports::read_recorded_run(file.path());
  if (!run) {
    SHARDPROOF_CHECK(!run.error().message.empty(), "refused without a reason");
    return 0;
  }
  const auto& checkpoints = run->checkpoints;
  SHARDPROOF_CHECK(!checkpoints.empty() && checkpoints.back().digest == run->digest,
                   "the checkpoints do not end with the run");
  SHARDPROOF_CHECK(std::is_sorted(checkpoints.begin(), checkpoints.end(),
                                  [](const auto& a, const auto& b) { return a.events < b.events; }),
                   "checkpoints out of order");
  for (const auto& stream : run->streams.streams) {
    SHARDPROOF_CHECK(stream.draws.size() == run->streams.marks.size(),
                     "a stream of another length");
  }
  static_cast<void>(sim::read_scenario(run->scenario_toml, "result.toml"));
  return 0;
}
