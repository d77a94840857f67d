// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace shardproof::sim {

/// The names that a scenario may use and that other rooms define.
struct Vocabulary {
  std::vector<std::string_view> placements;  ///< placement policies, the default first
  std::vector<std::string_view> rebalances;  ///< rebalance policies, the default first
  std::vector<std::string_view> rules;       ///< safety rules that `rules_off` may name
};

/// All that `core/` knows.
Vocabulary default_vocabulary();

/// What the rest of one scenario may refer to by name; filled from its cluster and collections.
struct Names {
  std::vector<std::string> collections;  ///< "database.name", in the order of the scenario
  std::vector<std::string> nodes;        ///< of the start, by id
  std::vector<std::string> zones;
  std::vector<std::string> racks;  ///< "zone/rack"
  std::vector<std::string> regions;
  /// False if an error hides which there are. Then any other name may be right, and is not
  /// reported: that would only follow from the error.
  bool all_nodes_known = true;  ///< and their domains
  bool all_collections_known = true;
  Vocabulary vocabulary;
};

/// The same names as views.
std::vector<std::string_view> views(const std::vector<std::string>& names);

}  // namespace shardproof::sim
