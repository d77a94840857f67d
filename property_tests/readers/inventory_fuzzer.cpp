// SPDX-License-Identifier: Apache-2.0
//
// Any bytes as a CSV inventory, plain or compressed: each machine has a name, lines go forward.

#include <cstdint>

#include "core/base/check.hpp"
#include "property_tests/readers/memory_file.hpp"
#include "sim/input/inventory_reader.hpp"

namespace {

using namespace shardproof;

void read_all(const std::string& file, const sim::InventoryColumns& columns) {
  auto reader = sim::InventoryReader::open(file, columns);
  if (!reader) return;
  std::uint64_t line = 0;
  while (true) {
    const auto next = reader->next();
    if (!next) {
      SHARDPROOF_CHECK(!next.error().reason.empty(), "an error without words");
      return;
    }
    if (*next == nullptr) return;
    SHARDPROOF_CHECK(!(*next)->name.empty(), "a machine without a name");
    SHARDPROOF_CHECK((*next)->line > line, "lines do not go forward");
    line = (*next)->line;
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const readers::MemoryFile file(data, size);
  sim::InventoryColumns columns;
  columns.name = "host";
  columns.cpu_milli = "cpu_milli";
  columns.memory_mib = "memory_mib";
  columns.zone = "zone";
  read_all(file.path(), columns);
  columns = {};
  columns.name = "name";
  columns.region = "region";
  columns.rack = "rack";
  columns.disk_mib = "disk_mib";
  columns.network_mbit = "network_mbit";
  read_all(file.path(), columns);
  return 0;
}
