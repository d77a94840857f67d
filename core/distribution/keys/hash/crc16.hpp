// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string_view>

namespace shardproof::distribution {

/// CRC-16/XMODEM (polynomial 0x1021, begins with 0, not reflected), by which Redis Cluster assigns
/// keys to slots. Of "123456789" it is 0x31c3.
std::uint16_t crc16(std::string_view bytes);

}  // namespace shardproof::distribution
