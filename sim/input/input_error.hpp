// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>

#include <fmt/format.h>

#include "core/base/result.hpp"

namespace shardproof::sim {

/// Why a file that a scenario names cannot be used: because it cannot be read at all (exit code 4),
/// or because of what it says (exit code 2).
struct InputError {
  enum class Kind : std::uint8_t { kUnreadable, kMalformed };
  Kind kind = Kind::kMalformed;
  std::string file;
  std::uint64_t line = 0;  ///< from 1; 0 if it is about the file as a whole
  std::string reason;
};

/// `trace.csv:12: the time "x" is not a number`.
inline std::string to_string(const InputError& error) {
  if (error.line == 0) return fmt::format("{}: {}", error.file, error.reason);
  return fmt::format("{}:{}: {}", error.file, error.line, error.reason);
}

}  // namespace shardproof::sim
