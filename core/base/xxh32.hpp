// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string_view>

namespace shardproof {

/// XXH32 of the bytes (xxHash specification, version 0.1.1), for keys that others place by it. What
/// this program hashes for itself is `stable_hash`, beside which it is implemented: the library has
/// one user.
std::uint32_t xxh32(std::string_view bytes, std::uint32_t seed = 0);

}  // namespace shardproof
