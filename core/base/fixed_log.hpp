// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>

namespace shardproof {

/// ln(numerator / denominator) in fixed point with 48 fractional bits ("q48"), both above zero: the
/// same on every compiler and libm. Off by less than 2^-47; equal ratios give equal results, whole
/// multiples of ln 2 are rounded to nearest, and ln(a/b) = -ln(b/a) exactly. O(1): one 128-bit
/// division and 48 squarings, some 100 ns. Where 2^-28 is enough, `log2_q32` is far cheaper.
std::int64_t ln_ratio_q48(std::uint64_t numerator, std::uint64_t denominator);

}  // namespace shardproof
