// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>

namespace shardproof::distribution {

/// By division: O(sqrt(number)).
constexpr bool is_prime(std::uint64_t number) {
  if (number < 2) return false;
  for (std::uint64_t divisor = 2; divisor * divisor <= number; ++divisor) {
    if (number % divisor == 0) return false;
  }
  return true;
}

/// The least prime above `number`.
constexpr std::uint64_t prime_above(std::uint64_t number) {
  std::uint64_t prime = number + 1;
  while (!is_prime(prime)) ++prime;
  return prime;
}

}  // namespace shardproof::distribution
