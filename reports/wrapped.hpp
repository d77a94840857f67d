// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

namespace shardproof::reports {

/// Lines of at most 100 columns, indented by two blanks, broken at blanks.
std::string wrapped(std::string_view text);

}  // namespace shardproof::reports
