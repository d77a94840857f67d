// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <utility>
#include <variant>

#include "core/base/check.hpp"

namespace shardproof {

/// Bad input: what is wrong, where, and what was expected, in one message for a person.
struct Error {
  std::string message;
};

/// Wraps an error for the return statement of a function that returns `Result`.
template <typename E>
struct Unexpected {
  E error;
};
template <typename E>
Unexpected(E) -> Unexpected<E>;

/// An `Error` with a formatted message.
template <typename... Values>
Unexpected<Error> fail(fmt::format_string<Values...> format, Values&&... values) {
  return {Error{fmt::format(format, std::forward<Values>(values)...)}};
}

/// A value or the reason why there is none; the subset of C++23's std::expected that we use, with
/// the same member names. Reading the side that is not there is a failed check.
template <typename T, typename E = Error>
class [[nodiscard]] Result {
 public:
  Result(T value) : state_(std::in_place_index<0>, std::move(value)) {}
  Result(Unexpected<E> unexpected) : state_(std::in_place_index<1>, std::move(unexpected.error)) {}

  bool has_value() const { return state_.index() == 0; }
  explicit operator bool() const { return has_value(); }

  T& value() & {
    SHARDPROOF_CHECK(has_value());
    return std::get<0>(state_);
  }
  const T& value() const& {
    SHARDPROOF_CHECK(has_value());
    return std::get<0>(state_);
  }
  T&& value() && {
    SHARDPROOF_CHECK(has_value());
    return std::get<0>(std::move(state_));
  }
  const E& error() const {
    SHARDPROOF_CHECK(!has_value());
    return std::get<1>(state_);
  }
  T& operator*() & { return value(); }
  const T& operator*() const& { return value(); }
  T&& operator*() && { return std::move(*this).value(); }
  T* operator->() { return &value(); }
  const T* operator->() const { return &value(); }

 private:
  std::variant<T, E> state_;
};

template <typename E>
class [[nodiscard]] Result<void, E> {
 public:
  Result() = default;
  Result(Unexpected<E> unexpected) : failed_(true), error_(std::move(unexpected.error)) {}

  bool has_value() const { return !failed_; }
  explicit operator bool() const { return !failed_; }
  void value() const { SHARDPROOF_CHECK(!failed_); }
  const E& error() const {
    SHARDPROOF_CHECK(failed_);
    return error_;
  }

 private:
  bool failed_ = false;
  E error_{};
};

}  // namespace shardproof
