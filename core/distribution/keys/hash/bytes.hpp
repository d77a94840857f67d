// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string_view>

namespace shardproof::distribution {

/// The `count` <= sizeof(Word) bytes from `offset` on as a little-endian number.
template <typename Word>
constexpr Word little_endian(std::string_view bytes, std::size_t offset,
                             std::size_t count = sizeof(Word)) {
  Word word = 0;
  for (std::size_t i = 0; i < count; ++i) {
    word |= static_cast<Word>(static_cast<Word>(static_cast<unsigned char>(bytes[offset + i]))
                              << (8 * i));
  }
  return word;
}

}  // namespace shardproof::distribution
