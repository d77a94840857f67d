// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace shardproof::reports {

/// `text` in pieces of at most `width` > 0 columns (bytes), broken at blanks; a word that is longer
/// is broken itself only if `breaks_words`. At least one piece. O(size).
std::vector<std::string> wrapped_pieces(std::string_view text, std::size_t width,
                                        bool breaks_words);

/// Lines of at most 100 columns, indented by two blanks, broken at blanks.
std::string wrapped(std::string_view text);

}  // namespace shardproof::reports
