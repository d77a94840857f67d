// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <span>
#include <string_view>

namespace shardproof::cli {

/// What a scripted action does, for people.
struct ActionText {
  enum class Kind : std::uint8_t { kOperation, kFault };
  Kind kind = Kind::kFault;
  std::string_view name;     ///< its key in a scenario
  std::string_view line;     ///< what it does
  std::string_view example;  ///< what follows the `time` of an [[at]]
};

/// Every action of `sim::Action`, operations first.
std::span<const ActionText> action_texts();

}  // namespace shardproof::cli
