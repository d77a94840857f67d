// SPDX-License-Identifier: Apache-2.0
#include "reports/wrapped.hpp"

#include <fmt/format.h>

namespace shardproof::reports {

std::string wrapped(std::string_view text) {
  constexpr std::size_t kColumns = 100;
  constexpr std::size_t kWidth = kColumns - 2;
  std::string lines;
  while (text.size() > kWidth) {
    const std::size_t blank = text.rfind(' ', kWidth);
    if (blank == std::string_view::npos || blank == 0) break;
    lines += fmt::format("  {}\n", text.substr(0, blank));
    text.remove_prefix(blank + 1);
  }
  return lines + fmt::format("  {}\n", text);
}

}  // namespace shardproof::reports
