// SPDX-License-Identifier: Apache-2.0
#include "sim/scenario/shapes.hpp"

#include <vector>

#include "sim/scenario/amounts.hpp"
#include "sim/scenario/call.hpp"
#include "sim/scenario/decimal.hpp"
#include "sim/scenario/suggest.hpp"

namespace shardproof::sim {
namespace {

const std::vector<std::string_view> kDistributions = {"constant",  "uniform", "exponential",
                                                      "lognormal", "pareto",  "tailed"};

template <typename Unit>
using AmountParser = Result<Unit, TextError> (*)(std::string_view);

template <typename Unit>
Result<Distribution<Unit>, TextError> parse_distribution(std::string_view text,
                                                         AmountParser<Unit> amount) {
  using D = Distribution<Unit>;
  const auto call = split_call(text);
  if (!call) return {Unexpected<TextError>{call.error()}};
  ArgumentReader arguments(*call);
  if (!call->has_parentheses) {
    const bool amount_like = !text.empty() && text.front() >= '0' && text.front() <= '9';
    if (!amount_like) {
      return text_error(fmt::format("expected an amount or a distribution, not \"{}\"", text),
                        suggest(call->name, kDistributions));
    }
    const auto value = amount(text);
    if (!value) return {Unexpected<TextError>{value.error()}};
    return D::constant(*value);
  }
  if (call->name == "constant") {
    arguments.expect(1, 1, "constant(value)");
    return arguments.finish(D::constant(arguments.next(amount)));
  }
  if (call->name == "uniform") {
    arguments.expect(2, 2, "uniform(low, high)");
    const Unit low = arguments.next(amount);
    const Unit high = arguments.next(amount);
    arguments.require(low <= high, 1, "the upper end is below the lower one");
    return arguments.finish(D::uniform(low, high));
  }
  if (call->name == "exponential") {
    arguments.expect(1, 2, "exponential(mean)\" or \"exponential(min, mean)");
    const Unit low = arguments.count() == 2 ? arguments.next(amount) : Unit{};
    const Unit mean = arguments.next(amount);
    arguments.require(low <= mean, 1, "the mean is below the minimum");
    return arguments.finish(D::exponential(low, mean));
  }
  if (call->name == "lognormal") {
    arguments.expect(2, 2, "lognormal(median, p99)");
    const Unit median = arguments.next(amount);
    const Unit p99 = arguments.next(amount);
    arguments.require(median > Unit{}, 0, "the median must be above zero");
    arguments.require(median <= p99, 1, "the 99th percentile is below the median");
    return arguments.finish(D::lognormal(median, p99));
  }
  if (call->name == "tailed") {
    arguments.expect(3, 3, "tailed(usual, rare, chance)");
    const Unit usual = arguments.next(amount);
    const Unit rare = arguments.next(amount);
    const Ratio chance = arguments.next(parse_ratio);
    arguments.require(usual <= rare, 1, "the rare mean is below the usual one");
    arguments.require(chance <= Ratio(1, 1), 2, "must be at most 1 (100%)");
    return arguments.finish(D::tailed(usual, rare, chance));
  }
  if (call->name == "pareto") {
    arguments.expect(2, 2, "pareto(min, shape)");
    const Unit low = arguments.next(amount);
    const Ratio shape = arguments.next(parse_ratio);
    arguments.require(low > Unit{}, 0, "the minimum must be above zero");
    arguments.require(!shape.is_zero() && shape < Ratio(1'000'000, 1), 1,
                      "the shape must be above zero and below a million");
    return arguments.finish(D::pareto(low, shape));
  }
  return text_error(fmt::format("unknown distribution \"{}\"", call->name),
                    suggest(call->name, kDistributions));
}

template <typename Unit>
std::string distribution_text(const Distribution<Unit>& d) {
  switch (d.kind) {
    case DistributionKind::kConstant: return to_text(d.first);
    case DistributionKind::kUniform:
      return fmt::format("uniform({}, {})", to_text(d.first), to_text(d.second));
    case DistributionKind::kExponential:
      return fmt::format("exponential({}, {})", to_text(d.first), to_text(d.second));
    case DistributionKind::kLognormal:
      return fmt::format("lognormal({}, {})", to_text(d.first), to_text(d.second));
    case DistributionKind::kPareto:
      return fmt::format("pareto({}, {})", to_text(d.first), to_text(d.shape));
    case DistributionKind::kTailed:
      return fmt::format("tailed({}, {}, {})", to_text(d.first), to_text(d.second),
                         to_text(d.shape));
  }
  SHARDPROOF_CHECK(false, "distribution kind {}", static_cast<int>(d.kind));
  return {};
}

constexpr Ratio kOne(1, 1);

}  // namespace

Result<DelayDistribution, TextError> parse_delay(std::string_view text) {
  return parse_distribution<Nanoseconds>(text, parse_duration);
}

Result<SizeDistribution, TextError> parse_size(std::string_view text) {
  return parse_distribution<Bytes>(text, parse_bytes);
}

Result<RateShape, TextError> parse_rate_shape(std::string_view text) {
  using Kind = RateShape::Kind;
  const auto call = split_call(text);
  if (!call) return {Unexpected<TextError>{call.error()}};
  if (!call->has_parentheses) {
    const auto rate = parse_rate(text);
    if (!rate) return {Unexpected<TextError>{rate.error()}};
    return RateShape{Kind::kConstant, *rate, {}, {}, {}};
  }
  ArgumentReader arguments(*call);
  RateShape shape;
  if (call->name == "diurnal") {
    arguments.expect(3, 3, "diurnal(low, high, period)");
    shape.kind = Kind::kDiurnal;
  } else if (call->name == "ramp") {
    arguments.expect(3, 3, "ramp(from, to, over)");
    shape.kind = Kind::kRamp;
  } else if (call->name == "burst") {
    arguments.expect(4, 4, "burst(base, peak, every, lasts)");
    shape.kind = Kind::kBurst;
  } else {
    return text_error(fmt::format("unknown shape of a rate \"{}\"", call->name),
                      suggest(call->name, {"diurnal", "ramp", "burst"}));
  }
  shape.low = arguments.next(parse_rate);
  shape.high = arguments.next(parse_rate);
  shape.period = arguments.next(parse_duration);
  arguments.require(shape.period.count() > 0, 2, "must be above zero");
  if (shape.kind == Kind::kBurst) {
    shape.width = arguments.next(parse_duration);
    arguments.require(shape.width.count() > 0 && shape.width < shape.period, 3,
                      "a burst lasts more than nothing and less than its period");
  }
  return arguments.finish(shape);
}

Result<KeyChoice, TextError> parse_keys(std::string_view text) {
  using Kind = KeyChoice::Kind;
  const auto call = split_call(text);
  if (!call) return {Unexpected<TextError>{call.error()}};
  ArgumentReader arguments(*call);
  KeyChoice keys;
  if (call->name == "uniform") {
    arguments.expect(0, 0, "uniform");
    return arguments.finish(keys);
  }
  if (call->name == "zipf" || call->name == "latest") {
    keys.kind = call->name == "zipf" ? Kind::kZipf : Kind::kLatest;
    arguments.expect(1, 1, fmt::format("{}(0.99)", call->name));
    keys.exponent = arguments.next(parse_ratio);
    arguments.require(!keys.exponent.is_zero() && keys.exponent <= Ratio(10, 1), 0,
                      "the exponent must be above 0 and at most 10");
    return arguments.finish(keys);
  }
  if (call->name == "hotspot") {
    keys.kind = Kind::kHotspot;
    arguments.expect(2, 3, "hotspot(1%, 90%)\" or \"hotspot(1%, 90%, 30s)");
    keys.keys = arguments.next(parse_ratio);
    keys.requests = arguments.next(parse_ratio);
    if (arguments.count() == 3) keys.moves_every = arguments.next(parse_duration);
    arguments.require(!keys.keys.is_zero() && keys.keys <= kOne, 0,
                      "must be above 0, at most 100%");
    arguments.require(keys.requests <= kOne, 1, "more than 100%");
    return arguments.finish(keys);
  }
  return text_error(fmt::format("unknown choice of keys \"{}\"", call->name),
                    suggest(call->name, {"uniform", "zipf", "hotspot", "latest"}));
}

Result<ClockWobble, TextError> parse_wobble(std::string_view text) {
  using Kind = ClockWobble::Kind;
  const auto call = split_call(text);
  if (!call) return {Unexpected<TextError>{call.error()}};
  ArgumentReader arguments(*call);
  ClockWobble wobble;
  if (call->name == "none") {
    arguments.expect(0, 0, "none");
    return arguments.finish(wobble);
  }
  if (call->name != "periodic" && call->name != "noise") {
    return text_error(fmt::format("unknown wobble \"{}\"", call->name),
                      suggest(call->name, {"none", "periodic", "noise"}));
  }
  wobble.kind = call->name == "periodic" ? Kind::kPeriodic : Kind::kNoise;
  arguments.expect(2, 2, fmt::format("{}(5ms, 10s)", call->name));
  wobble.amplitude = arguments.next(parse_duration);
  wobble.period = arguments.next(parse_duration);
  arguments.require(wobble.amplitude.count() > 0, 0, "must be above zero");
  arguments.require(wobble.period / 8 >= wobble.amplitude, 1,
                    "must be at least 8 times the amplitude");
  return arguments.finish(wobble);
}

Result<UnsyncedOutcome, TextError> parse_unsynced(std::string_view text) {
  const auto call = split_call(text);
  if (!call) return {Unexpected<TextError>{call.error()}};
  const Ratio none(0, 1);
  if (text == "kept") return UnsyncedOutcome{kOne, none, none, none};
  if (text == "lost") return UnsyncedOutcome{none, kOne, none, none};
  if (text == "torn") return UnsyncedOutcome{none, none, kOne, none};
  if (text == "garbage") return UnsyncedOutcome{none, none, none, kOne};
  if (call->name != "mixed") {
    return text_error(fmt::format("unknown fate of unsynced sectors \"{}\"", call->name),
                      suggest(call->name, {"kept", "lost", "torn", "garbage", "mixed"}));
  }
  ArgumentReader arguments(*call);
  arguments.expect(3, 4, "mixed(kept, lost, torn, garbage)");
  UnsyncedOutcome outcome;
  outcome.kept = arguments.next(parse_ratio);
  outcome.lost = arguments.next(parse_ratio);
  outcome.torn = arguments.next(parse_ratio);
  if (arguments.count() == 4) outcome.garbage = arguments.next(parse_ratio);
  arguments.require(sums_to_one({outcome.kept, outcome.lost, outcome.torn, outcome.garbage}), 0,
                    "the probabilities must add up to 1");
  return arguments.finish(outcome);
}

Result<distribution::MoveWindow, TextError> parse_window(std::string_view text) {
  const std::size_t dash = text.find('-');
  if (dash == std::string_view::npos) {
    return text_error("expected \"01:00-05:00\" (every day) or \"2m-4m\" (since the start)");
  }
  const bool daily = text.find(':') != std::string_view::npos;
  const auto parse = daily ? parse_time_of_day : parse_duration;
  const auto start = parse(text.substr(0, dash));
  if (!start) return {Unexpected<TextError>{start.error()}};
  const auto end = parse(text.substr(dash + 1));
  if (!end) {
    TextError error = end.error();
    error.offset += dash + 1;
    return {Unexpected<TextError>{error}};
  }
  if (*start == *end) return text_error("an empty window");
  if (!daily && *end < *start) return text_error("the window ends before it begins", {}, dash + 1);
  return distribution::MoveWindow{daily, *start, *end};
}

std::string to_text(const DelayDistribution& distribution) {
  return distribution_text(distribution);
}
std::string to_text(const SizeDistribution& distribution) {
  return distribution_text(distribution);
}

std::string to_text(const RateShape& shape) {
  const std::string low = to_text(shape.low);
  if (shape.kind == RateShape::Kind::kConstant) return low;
  const std::string rest =
      fmt::format("({}, {}, {}", low, to_text(shape.high), to_text(shape.period));
  switch (shape.kind) {
    case RateShape::Kind::kDiurnal: return "diurnal" + rest + ")";
    case RateShape::Kind::kRamp: return "ramp" + rest + ")";
    default: return fmt::format("burst{}, {})", rest, to_text(shape.width));
  }
}

std::string to_text(const KeyChoice& keys) {
  switch (keys.kind) {
    case KeyChoice::Kind::kUniform: return "uniform";
    case KeyChoice::Kind::kZipf: return fmt::format("zipf({})", to_text(keys.exponent));
    case KeyChoice::Kind::kLatest: return fmt::format("latest({})", to_text(keys.exponent));
    case KeyChoice::Kind::kHotspot:
      return fmt::format("hotspot({}, {}, {})", to_text(keys.keys), to_text(keys.requests),
                         to_text(keys.moves_every));
  }
  SHARDPROOF_CHECK(false, "choice of keys {}", static_cast<int>(keys.kind));
  return {};
}

std::string to_text(const ClockWobble& wobble) {
  if (!wobble.is_on()) return "none";
  const bool is_periodic = wobble.kind == ClockWobble::Kind::kPeriodic;
  return fmt::format("{}({}, {})", is_periodic ? "periodic" : "noise", to_text(wobble.amplitude),
                     to_text(wobble.period));
}

std::string to_text(const UnsyncedOutcome& outcome) {
  if (outcome.kept == kOne) return "kept";
  if (outcome.lost == kOne) return "lost";
  if (outcome.torn == kOne) return "torn";
  if (outcome.garbage == kOne) return "garbage";
  std::string text = fmt::format("mixed({}, {}, {}", to_text(outcome.kept), to_text(outcome.lost),
                                 to_text(outcome.torn));
  if (!outcome.garbage.is_zero()) text += ", " + to_text(outcome.garbage);
  return text + ")";
}

std::string to_text(const distribution::MoveWindow& window) {
  if (!window.daily) return fmt::format("{}-{}", window.start, window.end);
  return fmt::format("{}-{}", time_of_day_text(window.start), time_of_day_text(window.end));
}

}  // namespace shardproof::sim
