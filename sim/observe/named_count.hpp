// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>

namespace shardproof::sim {

/// How often something that has a name came about.
struct NamedCount {
  std::string name;
  std::uint64_t count = 0;

  friend bool operator==(const NamedCount&, const NamedCount&) = default;
};

}  // namespace shardproof::sim
