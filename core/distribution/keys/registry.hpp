// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <memory>
#include <string_view>
#include <vector>

#include "core/base/result.hpp"
#include "core/distribution/keys/key_map.hpp"
#include "core/distribution/policy_option.hpp"

namespace shardproof::distribution {

/// A selectable algorithm that places keys.
struct KeyAlgorithm {
  std::string_view name{};
  std::string_view about{};   ///< one line
  std::string_view lookup{};  ///< complexity of one look-up
  std::string_view memory{};  ///< of the tables
  std::vector<PolicyOption> options{};
  bool is_weighted = false;     ///< nodes may have unequal weights
  bool remembers_keys = false;  ///< where a key is may be asked again once it is placed
  bool counts_keys = false;     ///< where a key goes depends on those that came before
  /// More than the ranges of options: an error says what does not fit. May be null.
  Result<void> (*fits)(const KeyMapRequest& request) = nullptr;
  std::unique_ptr<KeyMap> (*build)(KeyMapRequest request) = nullptr;
};

/// In the order in which they are listed.
const std::vector<KeyAlgorithm>& key_algorithms();

/// The algorithm of that name, or null.
const KeyAlgorithm* find_key_algorithm(std::string_view name);

/// A map by `algorithm`, options that `request` does not have at their initial values. Fails where
/// an option is unknown or out of range, or weights are unequal and the algorithm knows none.
Result<std::unique_ptr<KeyMap>> build_key_map(const KeyAlgorithm& algorithm, KeyMapRequest request);

}  // namespace shardproof::distribution
