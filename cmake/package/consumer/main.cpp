// SPDX-License-Identifier: Apache-2.0
#include "core/base/random.hpp"

// Two streams of the same name agree, those of different entities do not.
int main() {
  auto first = shardproof::Random::named(42, "consumer", 1, "test");
  auto again = shardproof::Random::named(42, "consumer", 1, "test");
  auto other = shardproof::Random::named(42, "consumer", 2, "test");
  const auto drawn = first.next();
  return drawn == again.next() && drawn != other.next() ? 0 : 1;
}
