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

}  // namespace

std::string to_string(const Diagnostic& d) {
  std::string text = d.file;
  if (d.at.line > 0) text += fmt::format(":{}:{}", d.at.line, d.at.column);
  text += d.severity == Diagnostic::Severity::kError ? ": error: " : ": warning: ";
  text += d.message;
  if (!d.suggestion.empty()) text += ": " + d.suggestion;
  if (d.at.line == 0 || d.source_line.empty()) return text;
  const std::string underline(d.at.length > 1 ? d.at.length - 1 : 0, '~');
  return fmt::format("{}\n{:>6} | {}\n       | {}^{}", text, d.at.line, d.source_line,
                     indentation(d.source_line, d.at.column), underline);
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
