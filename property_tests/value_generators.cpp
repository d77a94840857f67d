// SPDX-License-Identifier: Apache-2.0
#include "property_tests/value_generators.hpp"

#include "sim/scenario/decimal.hpp"

namespace shardproof::testing::draw {

using namespace shardproof::sim;

std::uint64_t number(std::uint64_t low, std::uint64_t high) {
  return *rc::gen::inRange<std::uint64_t>(low, high + 1);
}
std::uint32_t small(std::uint32_t low, std::uint32_t high) {
  return static_cast<std::uint32_t>(number(low, high));
}
bool coin() { return number(0, 1) == 1; }

/// Round amounts and odd ones, over all orders of magnitude.
std::uint64_t magnitude(std::uint64_t max_bits) {
  const std::uint64_t odd = number(0, (std::uint64_t{1} << number(0, max_bits)) - 1);
  return pick<std::uint64_t>({odd, 1'000, 1'000'000, 4096, std::uint64_t{1} << 30});
}
Nanoseconds span() { return Nanoseconds(static_cast<std::int64_t>(magnitude(50))); }
Nanoseconds positive_span() { return span() + Nanoseconds(1); }
Nanoseconds span_below(Nanoseconds limit) {
  return Nanoseconds(
      static_cast<std::int64_t>(number(0, static_cast<std::uint64_t>(limit.count() - 1))));
}
Bytes bytes() { return Bytes(magnitude(50)); }
Bandwidth bandwidth() { return Bandwidth(magnitude(40)); }
Ratio fraction() {
  const std::uint64_t below = number(1, 1'000'000);
  return pick<Ratio>({Ratio(number(0, below), below), Ratio(number(0, 1000), 1000), Ratio(1, 3)});
}
Ratio positive_ratio() { return Ratio(number(1, 1'000'000), number(1, 1000)); }

std::string text(bool may_be_empty) {
  const std::vector<std::string> pieces = {"a", "B", "7", " ", "\"", "\\",   "\n",   "\t",
                                           "'", "#", "ä", "=", "[",  "\x01", "\x7f", "."};
  std::string result = may_be_empty ? "" : "x";
  for (std::uint64_t i = number(0, 8); i > 0; --i) result += pick(pieces);
  return result;
}

namespace {

template <typename Unit>
Distribution<Unit> distribution(Unit (*amount)()) {
  using D = Distribution<Unit>;
  const Unit low = amount();
  const Unit high = low + amount();
  const Unit one(1);
  switch (number(0, 5)) {
    case 0: return D::constant(low);
    case 1: return D::uniform(low, high);
    case 2: return D::exponential(low, high);
    case 3: return D::lognormal(low + one, high + one);
    case 4: return D::tailed(low, high, fraction());
    default: return D::pareto(low + one, reduced(positive_ratio()));
  }
}
}  // namespace

DelayDistribution delay() { return distribution<Nanoseconds>(span); }
SizeDistribution size() { return distribution<Bytes>(bytes); }

Rate rate() {
  if (coin()) return Rate::of(number(0, 100'000), seconds(1));
  return Rate::of(number(0, 1'000'000),
                  Nanoseconds(static_cast<std::int64_t>(number(1, 1'000'000))));
}

NodeCapacity capacity() {
  NodeCapacity result;
  result.disk = bytes();
  result.cpu_milli = number(0, 1'000'000);
  result.memory = bytes();
  result.network = bandwidth();
  return result;
}

UnsyncedOutcome unsynced() {
  const std::uint64_t kept = number(0, 100);
  const std::uint64_t lost = number(0, 100 - kept);
  const std::uint64_t torn = number(0, 100 - kept - lost);
  return {Ratio(kept, 100), Ratio(lost, 100), Ratio(torn, 100),
          Ratio(100 - kept - lost - torn, 100)};
}

ClockWobble wobble() {
  using Kind = ClockWobble::Kind;
  const Nanoseconds amplitude(static_cast<std::int64_t>(number(1, 1'000'000'000)));
  const Kind kind = coin() ? Kind::kPeriodic : Kind::kNoise;
  return {kind, amplitude,
          amplitude * 8 + Nanoseconds(static_cast<std::int64_t>(number(0, 1'000'000)))};
}

std::optional<std::uint64_t> iops() {
  if (coin()) return std::nullopt;
  return number(1, 1'000'000'000);
}

}  // namespace shardproof::testing::draw
