// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace shardproof::sim {

/// How many insertions, deletions, replacements and swaps of neighbours turn one text into the
/// other (optimal string alignment distance). O(|a| |b|).
std::size_t edit_distance(std::string_view a, std::string_view b);

/// The candidate that is most like `written`, the first of equals; empty if none is like it (a
/// third of the letters, at least one, may differ; case counts little).
std::string nearest(std::string_view written, const std::vector<std::string_view>& candidates);

/// `did you mean "x"?`, or a list of up to 16 candidates, or nothing.
std::string suggest(std::string_view written, const std::vector<std::string_view>& candidates);

}  // namespace shardproof::sim
