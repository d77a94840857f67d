// SPDX-License-Identifier: Apache-2.0
#include "core/base/check.hpp"

#include <cstdio>
#include <cstdlib>

namespace shardproof {
namespace {

void print_and_abort(const CheckFailure& failure) {
  fmt::print(stderr, "{}:{}: internal check failed: {}{}{}\n", failure.file, failure.line,
             failure.condition, failure.message.empty() ? "" : ": ", failure.message);
  std::fflush(stderr);
  std::abort();
}

CheckHandler current_handler = print_and_abort;

}  // namespace

CheckHandler set_check_handler(CheckHandler handler) {
  CheckHandler before = current_handler;
  current_handler = handler;
  return before;
}

namespace detail {

void check_failed(const char* condition, const char* file, int line, std::string_view message) {
  current_handler(CheckFailure{condition, message, file, line});
  std::abort();
}

}  // namespace detail
}  // namespace shardproof
