// SPDX-License-Identifier: Apache-2.0
#include "sim/distribution.hpp"

#include <algorithm>

#include "core/base/check.hpp"
#include "core/base/fixed_math.hpp"
#include "core/base/wide.hpp"

namespace shardproof::sim {
namespace {

/// The 99th percentile of the standard normal distribution, 2.3263478740, in q32.
constexpr std::int64_t kNormal99 = 9'991'588'038;
/// log2(e) in q32.
constexpr std::int64_t kLog2E = 6'196'328'019;
constexpr std::int64_t kExponentMax = 30 * kQ32One;
constexpr std::uint64_t kAmountMax = std::uint64_t{1} << 62;

/// The parameters as plain numbers, whatever their unit.
struct Parameters {
  DistributionKind kind;
  std::uint64_t first;
  std::uint64_t second;
  Ratio shape;
};

Parameters parameters(const DelayDistribution& d) {
  return {d.kind, static_cast<std::uint64_t>(d.first.count()),
          static_cast<std::uint64_t>(d.second.count()), d.shape};
}
Parameters parameters(const SizeDistribution& d) {
  return {d.kind, d.first.count(), d.second.count(), d.shape};
}

std::uint64_t capped(UInt128 amount) {
  return amount > kAmountMax ? kAmountMax : static_cast<std::uint64_t>(amount);
}

/// amount * 2^exponent, the exponent cut at 30.
std::uint64_t stretched(std::uint64_t amount, std::int64_t exponent_q32) {
  const std::uint64_t factor_q32 = exp2_q32(std::min(exponent_q32, kExponentMax));
  return capped((static_cast<UInt128>(amount) * factor_q32) >> 32);
}

/// Standard deviation of the binary logarithm of a lognormal variate, in q32.
std::int64_t log2_deviation(const Parameters& p) {
  const std::int64_t spread = log2_q32(p.second) - log2_q32(p.first);
  return static_cast<std::int64_t>((static_cast<Int128>(spread) << 32) / kNormal99);
}

std::uint64_t draw(const Parameters& p, Random& random) {
  switch (p.kind) {
    case DistributionKind::kConstant: return p.first;
    case DistributionKind::kUniform:
      return static_cast<std::uint64_t>(
          random.between(static_cast<std::int64_t>(p.first), static_cast<std::int64_t>(p.second)));
    case DistributionKind::kTailed: {
      const std::uint64_t mean = random.chance(p.shape) ? p.second : p.first;
      const auto unit_q32 = static_cast<std::uint64_t>(random.exponential_q32());
      return capped((static_cast<UInt128>(mean) * unit_q32) >> 32);
    }
    case DistributionKind::kExponential: {
      const auto unit_q32 = static_cast<std::uint64_t>(random.exponential_q32());
      return capped(p.first + ((static_cast<UInt128>(p.second - p.first) * unit_q32) >> 32));
    }
    case DistributionKind::kLognormal:
      return stretched(p.first, multiply_q32(random.normal_q32(), log2_deviation(p)));
    case DistributionKind::kPareto: {
      const std::int64_t unit_log2 = multiply_q32(random.exponential_q32(), kLog2E);
      const Int128 exponent = static_cast<Int128>(unit_log2) * p.shape.denominator() /
                              static_cast<Int128>(p.shape.numerator());
      return stretched(
          p.first, exponent > kExponentMax ? kExponentMax : static_cast<std::int64_t>(exponent));
    }
  }
  SHARDPROOF_CHECK(false, "distribution kind {}", static_cast<int>(p.kind));
  return 0;
}

std::uint64_t expectation(const Parameters& p) {
  switch (p.kind) {
    case DistributionKind::kConstant: return p.first;
    case DistributionKind::kUniform: return p.first + (p.second - p.first) / 2;
    case DistributionKind::kExponential: return p.second;
    case DistributionKind::kTailed: {
      const UInt128 rare = static_cast<UInt128>(p.second) * p.shape.numerator();
      const UInt128 usual =
          static_cast<UInt128>(p.first) * (p.shape.denominator() - p.shape.numerator());
      return capped((rare + usual) / p.shape.denominator());
    }
    case DistributionKind::kLognormal: {
      const std::int64_t deviation = log2_deviation(p);
      return stretched(p.first, multiply_q32(multiply_q32(deviation, deviation), kQ32Ln2) / 2);
    }
    case DistributionKind::kPareto: {
      const std::uint64_t numerator = p.shape.numerator();
      if (numerator <= p.shape.denominator()) return kAmountMax;
      return capped(static_cast<UInt128>(p.first) * numerator /
                    (numerator - p.shape.denominator()));
    }
  }
  SHARDPROOF_CHECK(false, "distribution kind {}", static_cast<int>(p.kind));
  return 0;
}

}  // namespace

Nanoseconds sample(const DelayDistribution& distribution, Random& random) {
  return Nanoseconds(static_cast<std::int64_t>(draw(parameters(distribution), random)));
}
Bytes sample(const SizeDistribution& distribution, Random& random) {
  return Bytes(draw(parameters(distribution), random));
}

Nanoseconds mean(const DelayDistribution& distribution) {
  return Nanoseconds(static_cast<std::int64_t>(expectation(parameters(distribution))));
}
Bytes mean(const SizeDistribution& distribution) {
  return Bytes(expectation(parameters(distribution)));
}

}  // namespace shardproof::sim
