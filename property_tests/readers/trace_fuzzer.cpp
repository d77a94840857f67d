// SPDX-License-Identifier: Apache-2.0
//
// Any bytes as a CSV trace, plain or compressed: times never fall, keys are never empty, lines go
// forward; `check_trace` finds a trace good exactly if each of its records can be read.

#include <cstdint>

#include "core/base/check.hpp"
#include "property_tests/readers/memory_file.hpp"
#include "sim/input/trace_reader.hpp"

namespace {

using namespace shardproof;

/// How many records were read, or nothing after an error.
std::optional<std::uint64_t> records_of(const sim::TraceSpec& spec) {
  auto reader = sim::TraceReader::open(spec);
  if (!reader) return std::nullopt;
  std::uint64_t count = 0;
  std::uint64_t line = 0;
  Nanoseconds before{};
  while (true) {
    const auto next = reader->next();
    if (!next) return std::nullopt;
    if (*next == nullptr) return count;
    const sim::TraceRecord& record = **next;
    SHARDPROOF_CHECK(!record.key.empty(), "an empty key");
    SHARDPROOF_CHECK(record.at >= before, "time falls");
    SHARDPROOF_CHECK(record.line > line, "lines do not go forward");
    before = record.at;
    line = record.line;
    ++count;
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const readers::MemoryFile file(data, size);
  sim::TraceSpec spec;
  spec.file = file.path();
  const std::optional<std::uint64_t> plain = records_of(spec);
  const auto summary = sim::check_trace(spec);
  SHARDPROOF_CHECK(summary.has_value() == (plain && *plain > 0), "the check and the reader differ");
  SHARDPROOF_CHECK(!summary || summary->records == *plain, "the check counts otherwise");
  // The columns of the block traces and of the tests.
  spec.key_column = "lbn";
  spec.operation_column = "op";
  spec.size_column = "size";
  spec.operations = {{"R", sim::TrafficOperation::kRead}, {"W", sim::TrafficOperation::kReplace}};
  records_of(spec);
  return 0;
}
