// SPDX-License-Identifier: Apache-2.0
#include "sim/scenario/diagnostics.hpp"

#include <algorithm>
#include <tuple>
#include <utility>

#include <fmt/format.h>

namespace shardproof::sim {
namespace {

/// What stands before the caret: tabs stay tabs, so that the caret is under its place.
std::string indentation(std::string_view line, std::uint32_t column) {
  std::string blanks;
  std::uint32_t characters = 1;
  for (const char c : line) {
    const bool continues_character = (static_cast<unsigned char>(c) & 0xC0u) == 0x80u;
    if (continues_character) continue;
    if (characters++ >= column) break;
    blanks += c == '\t' ? '\t' : ' ';
  }
  while (blanks.size() + 1 < column) blanks += ' ';
  return blanks;
}

constexpr std::size_t kColumnsMax = 160;
/// Of a longer line so much is shown before and behind the place.
constexpr std::size_t kColumnsAround = 60;

/// What is shown of a line, and where its place is there.
struct Excerpt {
  std::string text;
  std::uint32_t column = 0;
  std::uint32_t length = 1;
};

/// The byte at which each character begins.
std::vector<std::size_t> characters_of(std::string_view line) {
  std::vector<std::size_t> begins;
  for (std::size_t i = 0; i < line.size(); ++i) {
    const bool continues_character = (static_cast<unsigned char>(line[i]) & 0xC0u) == 0x80u;
    if (!continues_character) begins.push_back(i);
  }
  return begins;
}

Excerpt excerpt_around(std::string_view line, SourcePosition at) {
  const std::uint32_t length = std::max(at.length, 1u);
  const std::vector<std::size_t> begins = characters_of(line);
  if (begins.size() <= kColumnsMax) return {std::string(line), at.column, length};
  constexpr std::string_view kCut = "...";
  const std::size_t place = std::min<std::size_t>(at.column - 1, begins.size());
  const std::size_t first = place > kColumnsAround ? place - kColumnsAround : 0;
  const std::size_t last = std::min(begins.size(), place + kColumnsAround);
  const std::size_t begin = begins[first];
  const std::size_t end = last < begins.size() ? begins[last] : line.size();
  Excerpt excerpt{std::string(line.substr(begin, end - begin)), 0, 0};
  excerpt.column = static_cast<std::uint32_t>(place - first + 1);
  excerpt.length = std::clamp<std::uint32_t>(
      length, 1, static_cast<std::uint32_t>(std::max<std::size_t>(1, last - place)));
  if (first > 0) {
    excerpt.text.insert(0, kCut);
    excerpt.column += static_cast<std::uint32_t>(kCut.size());
  }
  if (last < begins.size()) excerpt.text += kCut;
  return excerpt;
}

}  // namespace

std::string to_string(const Diagnostic& d) {
  std::string text = d.file;
  if (d.at.line > 0) text += fmt::format(":{}:{}", d.at.line, d.at.column);
  text += d.severity == Diagnostic::Severity::kError ? ": error: " : ": warning: ";
  text += d.message;
  if (!d.suggestion.empty()) text += ": " + d.suggestion;
  if (d.at.line == 0 || d.source_line.empty()) return text;
  const Excerpt excerpt = excerpt_around(d.source_line, d.at);
  const std::string underline(excerpt.length - 1, '~');
  return fmt::format("{}\n{:>6} | {}\n       | {}^{}", text, d.at.line, excerpt.text,
                     indentation(excerpt.text, excerpt.column), underline);
}

Diagnostics::Diagnostics(std::string file, std::string_view text, std::size_t errors_max)
    : file_(std::move(file)), errors_max_(errors_max) {
  while (!text.empty()) {
    const std::size_t end = text.find('\n');
    std::string_view line = text.substr(0, end);
    if (!line.empty() && line.back() == '\r') line.remove_suffix(1);
    lines_.emplace_back(line);
    text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
  }
}

std::string_view Diagnostics::line(std::uint32_t number) const {
  if (number == 0 || number > lines_.size()) return {};
  return lines_[number - 1];
}

void Diagnostics::add(Diagnostic::Severity severity, SourcePosition at, std::string message,
                      std::string suggestion) {
  remarks_.push_back(
      {severity, file_, at, std::move(message), std::move(suggestion), std::string(line(at.line))});
}

void Diagnostics::error(SourcePosition at, std::string message, std::string suggestion) {
  if (++errors_ > errors_max_) return;
  add(Diagnostic::Severity::kError, at, std::move(message), std::move(suggestion));
}

void Diagnostics::warning(SourcePosition at, std::string message, std::string suggestion) {
  add(Diagnostic::Severity::kWarning, at, std::move(message), std::move(suggestion));
}

std::vector<Diagnostic> Diagnostics::take() {
  std::stable_sort(remarks_.begin(), remarks_.end(), [](const Diagnostic& a, const Diagnostic& b) {
    return std::tie(a.at.line, a.at.column) < std::tie(b.at.line, b.at.column);
  });
  if (errors_ > errors_max_) {
    add(Diagnostic::Severity::kError, {}, fmt::format("{} more errors", errors_ - errors_max_), {});
  }
  return std::exchange(remarks_, {});
}

}  // namespace shardproof::sim
