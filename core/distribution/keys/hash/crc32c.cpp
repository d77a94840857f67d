// SPDX-License-Identifier: Apache-2.0
#include "core/distribution/keys/hash/crc32c.hpp"

#include <array>

namespace shardproof::distribution {
namespace {

/// The remainder of each byte.
constexpr std::array<std::uint32_t, 256> crc32c_table() {
  std::array<std::uint32_t, 256> table{};
  for (std::uint32_t byte = 0; byte < 256; ++byte) {
    std::uint32_t rest = byte;
    for (int bit = 0; bit < 8; ++bit) rest = (rest & 1) != 0 ? rest >> 1 ^ 0x82f63b78u : rest >> 1;
    table[byte] = rest;
  }
  return table;
}
constexpr auto kCrc32cTable = crc32c_table();

}  // namespace

std::uint32_t crc32c(std::string_view bytes, std::uint32_t seed) {
  std::uint32_t rest = ~seed;
  for (const char byte : bytes) {
    rest = rest >> 8 ^ kCrc32cTable[(rest ^ static_cast<unsigned char>(byte)) & 0xff];
  }
  return ~rest;
}

}  // namespace shardproof::distribution
