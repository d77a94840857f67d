// SPDX-License-Identifier: Apache-2.0
#include "sim/scenario/call.hpp"

#include <fmt/format.h>

namespace shardproof::sim {
namespace {

Call::Argument trimmed(std::string_view text, std::size_t offset) {
  while (!text.empty() && text.front() == ' ') {
    text.remove_prefix(1);
    ++offset;
  }
  while (!text.empty() && text.back() == ' ') text.remove_suffix(1);
  return {text, offset};
}

}  // namespace

Result<Call, TextError> split_call(std::string_view text) {
  Call call;
  const std::size_t open = text.find('(');
  call.name = trimmed(text.substr(0, open), 0).text;
  if (open == std::string_view::npos) return call;
  call.has_parentheses = true;
  if (text.back() != ')') return text_error("a closing parenthesis is missing", {}, text.size());
  std::size_t begin = open + 1;
  for (std::size_t i = begin; i < text.size(); ++i) {
    if (text[i] == '(') return text_error("a parenthesis within parentheses", {}, i);
    if (text[i] != ',' && i + 1 != text.size()) continue;
    call.arguments.push_back(trimmed(text.substr(begin, i - begin), begin));
    begin = i + 1;
  }
  if (call.arguments.size() == 1 && call.arguments[0].text.empty()) call.arguments.clear();
  return call;
}

bool ArgumentReader::expect(std::size_t least, std::size_t most, std::string_view usage) {
  if (count() >= least && count() <= most) return true;
  error_ = TextError{fmt::format("wrong number of arguments ({})", count()),
                     fmt::format("write \"{}\"", usage)};
  return false;
}

void ArgumentReader::require(bool holds, std::size_t index, std::string_view message) {
  if (holds || error_) return;
  error_ = TextError{std::string(message), {}, call_.arguments[index].offset};
}

}  // namespace shardproof::sim
