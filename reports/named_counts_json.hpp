// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <vector>

#include <nlohmann/json.hpp>

#include "sim/observe/named_count.hpp"

namespace shardproof::reports {

/// An object of the names with their counts, in order.
inline nlohmann::ordered_json named_counts_json(const std::vector<sim::NamedCount>& named) {
  auto object = nlohmann::ordered_json::object();
  for (const sim::NamedCount& one : named) object[one.name] = one.count;
  return object;
}

}  // namespace shardproof::reports
