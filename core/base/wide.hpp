// SPDX-License-Identifier: Apache-2.0
#pragma once

namespace shardproof {

/// 128-bit integers, for exact products of 64-bit quantities. Both compilers have them as
/// extensions.
__extension__ using Int128 = __int128;
__extension__ using UInt128 = unsigned __int128;

}  // namespace shardproof
