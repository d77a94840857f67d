// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

namespace shardproof::cli {

/// The text as it may be sent to a terminal: names of a scenario can hold anything, and must not
/// move the cursor or change what stands there. Control characters but line ends and tabs are
/// written out (`\x1b`), those of Latin-1 in UTF-8 too; with `has_colour` the sequences that set
/// colours stay. O(length).
std::string printable(std::string_view text, bool has_colour);

}  // namespace shardproof::cli
