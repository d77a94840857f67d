// SPDX-License-Identifier: Apache-2.0
#include "core/base/random.hpp"

#include "core/base/fixed_math.hpp"
#include "core/base/stable_hash.hpp"

namespace shardproof {

Random::Random(std::uint64_t seed) {
  for (auto& word : state_) {
    seed += 0x9e3779b97f4a7c15u;
    word = mix64(seed);
  }
}

Random Random::named(std::uint64_t run_seed, std::string_view component, std::uint64_t entity,
                     std::string_view purpose) {
  const std::uint64_t by_component = stable_hash(component, run_seed);
  const std::uint64_t by_entity = mix64(combine64(by_component, entity));
  return Random(stable_hash(purpose, by_entity));
}

std::int64_t Random::between(std::int64_t low, std::int64_t high) {
  SHARDPROOF_CHECK(low <= high, "low={} high={}", low, high);
  const auto width = static_cast<std::uint64_t>(high) - static_cast<std::uint64_t>(low);
  if (width == ~std::uint64_t{0}) return static_cast<std::int64_t>(next());
  return static_cast<std::int64_t>(static_cast<std::uint64_t>(low) + below(width + 1));
}

std::int64_t Random::normal_q32() {
  std::int64_t sum = 0;
  for (int pair = 0; pair < 6; ++pair) {
    const std::uint64_t draw = next();
    sum += static_cast<std::int64_t>(draw >> 32) + static_cast<std::int64_t>(draw & 0xffffffffu);
  }
  return sum - 6 * kQ32One;
}

}  // namespace shardproof
