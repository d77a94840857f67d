// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/result.hpp"
#include "sim/scenario/text_error.hpp"

namespace shardproof::sim {

/// `name(argument, ...)` taken apart; a name alone has no arguments.
struct Call {
  struct Argument {
    std::string_view text;
    std::size_t offset = 0;
  };
  std::string_view name;
  std::vector<Argument> arguments;
  bool has_parentheses = false;
};

/// The parts of `text`, which they point into. Blanks around arguments are dropped.
Result<Call, TextError> split_call(std::string_view text);

/// Parses the arguments of a call one after the other and keeps the first error.
class ArgumentReader {
 public:
  explicit ArgumentReader(const Call& call) : call_(call) {}

  /// Whether there are that many arguments; if not, says what the call looks like (`usage`).
  bool expect(std::size_t least, std::size_t most, std::string_view usage);
  std::size_t count() const { return call_.arguments.size(); }

  /// The next argument, or a default value once there has been an error.
  template <typename T>
  T next(Result<T, TextError> (*parse)(std::string_view)) {
    if (error_) return T{};
    const Call::Argument& argument = call_.arguments[position_++];
    Result<T, TextError> parsed = parse(argument.text);
    if (parsed) return *parsed;
    error_ = parsed.error();
    error_->offset += argument.offset;
    return T{};
  }

  /// Adds an error about argument `index`, unless there is one already or `holds`.
  void require(bool holds, std::size_t index, std::string_view message);

  template <typename T>
  Result<T, TextError> finish(T value) const {
    if (error_) return {Unexpected<TextError>{*error_}};
    return value;
  }

 private:
  const Call& call_;
  std::size_t position_ = 0;
  std::optional<TextError> error_;
};

}  // namespace shardproof::sim
