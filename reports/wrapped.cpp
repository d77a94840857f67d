// SPDX-License-Identifier: Apache-2.0
#include "reports/wrapped.hpp"

#include <fmt/format.h>

namespace shardproof::reports {

std::vector<std::string> wrapped_pieces(std::string_view text, std::size_t width,
                                        bool breaks_words) {
  std::vector<std::string> pieces;
  while (text.size() > width) {
    std::size_t end = text.rfind(' ', width);
    if (end == std::string_view::npos || end == 0) {
      end = breaks_words ? width : text.find(' ', width);
    }
    if (end == std::string_view::npos) break;
    pieces.emplace_back(text.substr(0, end));
    text.remove_prefix(text[end] == ' ' ? end + 1 : end);
  }
  pieces.emplace_back(text);
  return pieces;
}

std::string wrapped(std::string_view text) {
  constexpr std::size_t kColumns = 100;
  std::string lines;
  for (const std::string& piece : wrapped_pieces(text, kColumns - 2, false)) {
    lines += fmt::format("  {}\n", piece);
  }
  return lines;
}

}  // namespace shardproof::reports
