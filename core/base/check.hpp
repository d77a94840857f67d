// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string_view>

#include <fmt/format.h>

namespace shardproof {

/// What a failed check knows of itself; valid only during the handler's call.
struct CheckFailure {
  std::string_view condition;
  std::string_view message;
  const char* file;
  int line;
};

/// Called when a SHARDPROOF_CHECK fails. It may throw, which unwinds out of the check; if it
/// returns, the process is aborted.
using CheckHandler = void (*)(const CheckFailure&);

/// Replaces the process-wide handler and returns the one before. The default prints to stderr and
/// aborts. Not thread-safe: set it before the work starts.
CheckHandler set_check_handler(CheckHandler handler);

namespace detail {
[[noreturn]] void check_failed(const char* condition, const char* file, int line,
                               std::string_view message);
}  // namespace detail

}  // namespace shardproof

/// A broken invariant of our own code, on in every build. Further arguments are a fmt format string
/// and its values, evaluated only on failure: `SHARDPROOF_CHECK(a < b, "a={} b={}", a, b)`.
#define SHARDPROOF_CHECK(condition, ...)                                                    \
  do {                                                                                      \
    if (__builtin_expect(!(condition), 0)) {                                                \
      ::shardproof::detail::check_failed(#condition, __FILE__, __LINE__,                    \
                                         ::shardproof::detail::check_message(__VA_ARGS__)); \
    }                                                                                       \
  } while (false)

namespace shardproof::detail {
inline std::string check_message() { return {}; }
template <typename... Values>
std::string check_message(fmt::format_string<Values...> format, Values&&... values) {
  return fmt::format(format, std::forward<Values>(values)...);
}
}  // namespace shardproof::detail
