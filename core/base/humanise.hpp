// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "core/base/ids.hpp"
#include "core/base/units.hpp"

/// Numbers for a person: three or four digits that matter and a unit. Never read back, and decided
/// upon by nothing.
namespace shardproof {

/// "1,234,567"
std::string human_count(std::uint64_t count);
/// "950", "12.3 k", "1.23 M", "4.5 G"
std::string human_scaled(double number);  // lint: reporting only
/// "0 s", "950 ns", "1.24 ms", "12.3 s", "2 min 3.4 s", "3 h 12 min"
std::string human_duration(double nanoseconds);  // lint: reporting only
inline std::string human_duration(Nanoseconds span) {
  return human_duration(static_cast<double>(span.count()));  // lint: reporting only
}
/// Decimal units: "950 B", "1.24 GB"
std::string human_bytes(double bytes);  // lint: reporting only
inline std::string human_bytes(Bytes bytes) {
  return human_bytes(static_cast<double>(bytes.count()));  // lint: reporting only
}
/// "1.24 GB/s", "unlimited"
std::string human_bandwidth(Bandwidth rate);
/// With a singular for one: "1 event", "2,000 events".
std::string human_number_of(std::uint64_t count, std::string_view noun);
/// "n3", or "nobody".
std::string human_node(NodeId node);

}  // namespace shardproof
