// SPDX-License-Identifier: Apache-2.0
#include "cli/printable.hpp"

#include <fmt/format.h>

namespace shardproof::cli {
namespace {

/// Of a sequence that sets colours at the begin of the text, as `Style` makes them; else 0.
std::size_t colour_length(std::string_view text) {
  if (!text.starts_with("\x1b[")) return 0;
  const std::size_t end = text.find_first_not_of("0123456789;", 2);
  return end != std::string_view::npos && text[end] == 'm' ? end + 1 : 0;
}

bool is_control(unsigned char byte) {
  return (byte < 0x20 && byte != '\n' && byte != '\t') || byte == 0x7f;
}

}  // namespace

std::string printable(std::string_view text, bool has_colour) {
  std::string out;
  out.reserve(text.size());
  for (std::size_t i = 0; i < text.size(); ++i) {
    const auto byte = static_cast<unsigned char>(text[i]);
    const unsigned next = i + 1 < text.size() ? static_cast<unsigned char>(text[i + 1]) : 0;
    const std::size_t colour = has_colour ? colour_length(text.substr(i)) : 0;
    if (colour > 0) {
      out += text.substr(i, colour);
      i += colour - 1;
    } else if (is_control(byte)) {
      out += fmt::format("\\x{:02x}", byte);
    } else if (byte == 0xc2 && next >= 0x80 && next < 0xa0) {
      out += fmt::format("\\u{:04x}", next);
      ++i;
    } else {
      out += text[i];
    }
  }
  return out;
}

}  // namespace shardproof::cli
