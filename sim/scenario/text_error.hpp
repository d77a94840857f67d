// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <string>
#include <utility>

#include "core/base/result.hpp"

namespace shardproof::sim {

/// What is wrong with a text that a scenario holds, and at which byte of it.
struct TextError {
  std::string message;
  std::string suggestion{};  ///< what to write instead; empty if there is no idea
  std::size_t offset = 0;
};

/// A `TextError` for the return statement of a function that returns `Result<T, TextError>`.
inline Unexpected<TextError> text_error(std::string message, std::string suggestion = {},
                                        std::size_t offset = 0) {
  return {TextError{std::move(message), std::move(suggestion), offset}};
}

}  // namespace shardproof::sim
