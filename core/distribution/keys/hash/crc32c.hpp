// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string_view>

namespace shardproof::distribution {

/// CRC-32C (Castagnoli: polynomial 0x1edc6f41, reflected, begins and ends inverted; RFC 3720,
/// appendix B.4) with `seed` xored to what it begins with. Of "123456789" it is 0xe3069283.
std::uint32_t crc32c(std::string_view bytes, std::uint32_t seed = 0);

}  // namespace shardproof::distribution
