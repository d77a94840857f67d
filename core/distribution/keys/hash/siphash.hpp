// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string_view>

namespace shardproof::distribution {

/// A key of SipHash, its bytes as two little-endian numbers; the one of the published vectors,
/// 00 01 .. 0f.
struct SipKey {
  std::uint64_t low = 0x0706050403020100u;
  std::uint64_t high = 0x0f0e0d0c0b0a0908u;
};

/// SipHash-c-d (Aumasson, Bernstein 2012) with c rounds for each word of eight bytes and d at the
/// end: 2 and 4 are the paper's proposal.
std::uint64_t siphash(std::string_view bytes, SipKey key = {}, int rounds = 2, int last_rounds = 4);

}  // namespace shardproof::distribution
