// SPDX-License-Identifier: Apache-2.0
#include "core/distribution/keys/hash/crc16.hpp"

#include <array>

namespace shardproof::distribution {
namespace {

/// The remainder of each byte followed by two zero bytes.
constexpr std::array<std::uint16_t, 256> crc16_table() {
  std::array<std::uint16_t, 256> table{};
  for (std::uint32_t byte = 0; byte < 256; ++byte) {
    std::uint32_t rest = byte << 8;
    for (int bit = 0; bit < 8; ++bit) rest = (rest & 0x8000) != 0 ? rest << 1 ^ 0x1021 : rest << 1;
    table[byte] = static_cast<std::uint16_t>(rest);
  }
  return table;
}
constexpr auto kCrc16Table = crc16_table();

}  // namespace

std::uint16_t crc16(std::string_view bytes) {
  std::uint32_t rest = 0;
  for (const char byte : bytes) {
    const auto index = (rest >> 8 ^ static_cast<unsigned char>(byte)) & 0xff;
    rest = (rest << 8 ^ kCrc16Table[index]) & 0xffff;
  }
  return static_cast<std::uint16_t>(rest);
}

}  // namespace shardproof::distribution
