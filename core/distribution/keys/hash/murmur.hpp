// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstdint>
#include <string_view>

namespace shardproof::distribution {

/// MurmurHash3_x86_32 (Appleby 2011; SMHasher).
std::uint32_t murmur3_32(std::string_view bytes, std::uint32_t seed = 0);

/// MurmurHash3_x64_128: h1 and h2.
std::array<std::uint64_t, 2> murmur3_128(std::string_view bytes, std::uint32_t seed = 0);

/// MurmurHash2 as Kafka's default partitioner has it: a partition is the hash without its highest
/// bit, modulo the number of partitions.
std::uint32_t murmur2(std::string_view bytes, std::uint32_t seed = 0x9747b28cu);

}  // namespace shardproof::distribution
