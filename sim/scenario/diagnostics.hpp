// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace shardproof::sim {

/// A stretch of one line of a scenario file, lines and columns from 1; columns count characters,
/// not bytes. Line 0 means the file as a whole.
struct SourcePosition {
  std::uint32_t line = 0;
  std::uint32_t column = 0;
  std::uint32_t length = 1;
};

/// One remark about a scenario file.
struct Diagnostic {
  enum class Severity : std::uint8_t { kError, kWarning };
  Severity severity = Severity::kError;
  std::string file;
  SourcePosition at;
  std::string message;
  std::string suggestion;   ///< may be empty
  std::string source_line;  ///< without its end; empty if `at` is no line
};

/// Without a final newline:
///     smoke.toml:12:9: error: unknown unit "sec": did you mean "s"?
///        12 | time = "5sec"
///           |          ^~~
std::string to_string(const Diagnostic& diagnostic);

/// Collects what is wrong with one file. Errors beyond the limit are counted, not kept.
class Diagnostics {
 public:
  Diagnostics(std::string file, std::string_view text, std::size_t errors_max);

  void error(SourcePosition at, std::string message, std::string suggestion = {});
  void warning(SourcePosition at, std::string message, std::string suggestion = {});

  bool has_errors() const { return errors_ > 0; }
  std::size_t errors() const { return errors_; }
  /// The remarks in order of place, and one more that says how many errors were left out.
  std::vector<Diagnostic> take();

  /// The text of a line (from 1) without its end; empty beyond the file.
  std::string_view line(std::uint32_t number) const;

 private:
  void add(Diagnostic::Severity severity, SourcePosition at, std::string message,
           std::string suggestion);

  std::string file_;
  std::vector<std::string> lines_;
  std::size_t errors_max_;
  std::size_t errors_ = 0;
  std::vector<Diagnostic> remarks_;
};

}  // namespace shardproof::sim
