// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <exception>
#include <new>
#include <string>

namespace shardproof::cli {

/// What has ended a command or a run, for the one who has to do something about it.
inline std::string internal_error_text(const std::exception& error) {
  if (dynamic_cast<const std::bad_alloc*>(&error) != nullptr) {
    return "out of memory: this takes more than the process may have; ask for fewer nodes, shards, "
           "documents, keys or jobs";
  }
  return std::string("internal error: ") + error.what();
}

}  // namespace shardproof::cli
