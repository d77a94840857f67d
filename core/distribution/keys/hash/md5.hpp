// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstdint>
#include <string_view>

namespace shardproof::distribution {

using Md5Digest = std::array<std::uint8_t, 16>;

/// MD5 of the bytes (RFC 1321), computed by libmd. Of "abc" it begins with 90 01 50 98.
Md5Digest md5(std::string_view bytes);

}  // namespace shardproof::distribution
