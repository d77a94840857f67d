// SPDX-License-Identifier: Apache-2.0
#include "sim/scenario/codecs.hpp"

#include <algorithm>
#include <charconv>

#include "sim/scenario/suggest.hpp"

namespace shardproof::sim {
namespace {

std::string escaped(std::string_view text, bool json) {
  std::string result = "\"";
  for (const char c : text) {
    const auto code = static_cast<unsigned char>(c);
    if (c == '"' || c == '\\') {
      result += '\\';
      result += c;
    } else if (c == '\n') {
      result += "\\n";
    } else if (c == '\t') {
      result += "\\t";
    } else if (code < 0x20 || (code == 0x7F && !json)) {
      result += fmt::format("\\u{:04X}", code);
    } else {
      result += c;
    }
  }
  return result + "\"";
}

/// The text that stands for a number where plain numbers are allowed.
bool number_text(const SourceNode& node, std::string& text) {
  if (node.kind == SourceNode::Kind::kInteger) text = fmt::format("{}", node.integer);
  if (node.kind == SourceNode::Kind::kReal) text = node.text;
  return node.kind == SourceNode::Kind::kInteger || node.kind == SourceNode::Kind::kReal;
}

// Function pointers of one shape, whatever the overloads take.
template <typename T>
std::string print_text(const T& value) {
  return to_text(value);
}
std::string print_time_of_day(const Nanoseconds& time) { return time_of_day_text(time); }
std::string print_capacity(const Bytes& bytes) { return capacity_text(bytes); }
std::string print_factor(const Ratio& factor) { return factor_text(factor); }
std::string print_drift(const std::int64_t& drift) { return drift_text(drift); }

bool is_passed_over(const SourceNode& node, const std::vector<std::string_view>& known) {
  return node.kind == SourceNode::Kind::kString &&
         std::find(known.begin(), known.end(), node.text) == known.end();
}

bool is_positive(const Nanoseconds& span) { return span.count() > 0; }
bool is_not_negative(const std::int64_t& number) { return number >= 0; }
bool is_some(const Bytes& bytes) { return bytes.count() > 0; }
bool is_some_rate(const Rate& rate) { return rate.count > 0; }
bool is_on(const ClockWobble& wobble) { return wobble.is_on(); }
bool is_above_zero(const Ratio& ratio) { return !ratio.is_zero(); }
bool is_at_most_one(const Ratio& ratio) { return ratio <= Ratio(1, 1); }
bool is_at_least_one(const Ratio& ratio) { return ratio >= Ratio(1, 1); }

constexpr std::string_view kDurationPattern =
    R"(^([0-9][0-9_]*(\.[0-9_]+)?(ns|us|ms|s|m|min|h|d))+$)";
constexpr std::string_view kSignedDurationPattern =
    R"(^-?([0-9][0-9_]*(\.[0-9_]+)?(ns|us|ms|s|m|min|h|d))+$)";
constexpr std::string_view kBytesPattern =
    R"(^[0-9][0-9_]*(\.[0-9_]+)?(B|KB|MB|GB|TB|PB|KiB|MiB|GiB|TiB|PiB)$)";
constexpr std::string_view kCapacityPattern =
    R"(^(unlimited|[0-9][0-9_]*(\.[0-9_]+)?(B|KB|MB|GB|TB|PB|KiB|MiB|GiB|TiB|PiB))$)";
constexpr std::string_view kBandwidthPattern =
    R"(^(unlimited|[0-9][0-9_]*(\.[0-9_]+)?(B|KB|MB|GB|KiB|MiB|GiB|bit|Kbit|Mbit|Gbit|Tbit)/s)$)";
constexpr std::string_view kRatioPattern = R"(^[0-9][0-9_]*(\.[0-9_]+)?(%|/[0-9]+)?$)";
constexpr std::string_view kFactorPattern = R"(^[0-9][0-9_]*(\.[0-9_]+)?(/[0-9]+)?x$)";
constexpr std::string_view kDriftPattern = R"(^-?[0-9][0-9_]*(\.[0-9_]+)?(ppm|ppb)$)";
constexpr std::string_view kDistributionPattern =
    R"(^([0-9].*|(constant|uniform|exponential|lognormal|pareto|tailed)\(.*\))$)";
constexpr std::string_view kRatePattern = R"(^([0-9].*/.+|(diurnal|ramp|burst)\(.*\))$)";
constexpr std::string_view kPlainRatePattern = R"(^[0-9].*/.+$)";
constexpr std::string_view kKeysPattern = R"(^(uniform|(zipf|latest|hotspot)\(.*\))$)";
constexpr std::string_view kUnsyncedPattern = R"(^(kept|lost|torn|garbage|mixed\(.*\))$)";
constexpr std::string_view kWobblePattern = R"(^(none|(periodic|noise)\(.*\))$)";
constexpr std::string_view kTimeOfDayPattern = R"(^[0-2][0-9]:[0-5][0-9](:[0-5][0-9])?$)";
constexpr std::string_view kWindowPattern = R"(^[0-9].*-[0-9].*$)";

}  // namespace

const Parsed<Nanoseconds> kDuration{parse_duration, print_text, "10s", kDurationPattern};
const Parsed<Nanoseconds> kPositiveDuration{parse_duration,   print_text,  "10s",
                                            kDurationPattern, is_positive, "must be above zero"};
const Parsed<Nanoseconds> kSignedDuration{parse_signed_duration, print_text, "-10ms",
                                          kSignedDurationPattern};
const Parsed<Nanoseconds> kTimeOfDay{parse_time_of_day, print_time_of_day, "01:30",
                                     kTimeOfDayPattern};
const Parsed<Bytes> kBytes{parse_bytes, print_text, "64KiB", kBytesPattern};
const Parsed<Bytes> kPositiveBytes{parse_bytes,   print_text, "64KiB",
                                   kBytesPattern, is_some,    "must be above zero"};
const Parsed<Bytes> kCapacity{parse_capacity, print_capacity, "2TB", kCapacityPattern};
const Parsed<Bandwidth> kBandwidth{parse_bandwidth, print_text, "200MB/s", kBandwidthPattern};
const Parsed<Ratio> kProbability{parse_ratio,   print_text,     "0.1%",
                                 kRatioPattern, is_at_most_one, "must be at most 1 (100%)",
                                 true};
const Parsed<Ratio> kRatio{parse_ratio, print_text, "5%", kRatioPattern, nullptr, {}, true};
const Parsed<Ratio> kPositiveRatio{parse_ratio,   print_text,           "5%", kRatioPattern,
                                   is_above_zero, "must be above zero", true};
const Parsed<Ratio> kSlowdown{parse_factor,   print_factor,    "10x",
                              kFactorPattern, is_at_least_one, "must be at least 1x"};
const Parsed<Ratio> kSpeedup{parse_factor,   print_factor,  "10x",
                             kFactorPattern, is_above_zero, "must be above zero"};
const Parsed<std::int64_t> kDrift{parse_drift, print_drift, "50ppm", kDriftPattern};
const Parsed<std::int64_t> kDriftBound{parse_drift,   print_drift,     "50ppm",
                                       kDriftPattern, is_not_negative, "must not be negative"};
const Parsed<DelayDistribution> kDelay{parse_delay, print_text, "exponential(200us, 500us)",
                                       kDistributionPattern};
const Parsed<SizeDistribution> kSize{parse_size, print_text, "lognormal(1KB, 4KB)",
                                     kDistributionPattern};
const Parsed<Rate> kPositiveRate{parse_rate,        print_text,   "1/min",
                                 kPlainRatePattern, is_some_rate, "must be above zero"};
const Parsed<RateShape> kRateShape{parse_rate_shape, print_text, "2000/s", kRatePattern};
const Parsed<KeyChoice> kKeys{parse_keys, print_text, "zipf(0.99)", kKeysPattern};
const Parsed<UnsyncedOutcome> kUnsynced{parse_unsynced, print_text, "lost", kUnsyncedPattern};
const Parsed<ClockWobble> kWobble{parse_wobble, print_text, "periodic(5ms, 10s)", kWobblePattern};
const Parsed<ClockWobble> kSomeWobble{parse_wobble,   print_text, "periodic(5ms, 10s)",
                                      kWobblePattern, is_on,      "must be some wobble"};
const Parsed<distribution::MoveWindow> kWindow{parse_window, print_text, "01:00-05:00",
                                               kWindowPattern};

std::string toml_quoted(std::string_view text) { return escaped(text, false); }
std::string json_quoted(std::string_view text) { return escaped(text, true); }

std::string text_schema(std::string_view pattern) {
  if (pattern.empty()) return R"({"type": "string"})";
  return fmt::format(R"({{"type": "string", "pattern": {}}})", json_quoted(pattern));
}

void wrong_kind(const SourceNode& node, std::string_view expected, Diagnostics& diagnostics,
                std::string suggestion) {
  diagnostics.error(node.at, fmt::format("expected {}, not {}", expected, kind_name(node.kind)),
                    std::move(suggestion));
}

bool Text::read(const SourceNode& node, std::string& value, Diagnostics& diagnostics) const {
  if (node.kind != SourceNode::Kind::kString) {
    wrong_kind(node, "a text", diagnostics);
    return false;
  }
  if (!may_be_empty && node.text.empty()) {
    diagnostics.error(node.at, "must not be empty");
    return false;
  }
  value = node.text;
  return true;
}

std::string Text::schema() const {
  return may_be_empty ? R"({"type": "string"})" : R"({"type": "string", "minLength": 1})";
}

bool Flag::read(const SourceNode& node, bool& value, Diagnostics& diagnostics) const {
  if (node.kind != SourceNode::Kind::kBoolean) {
    wrong_kind(node, "true or false", diagnostics);
    return false;
  }
  value = node.boolean;
  return true;
}

template <typename Integer>
bool Whole<Integer>::read(const SourceNode& node, Integer& value, Diagnostics& diagnostics) const {
  if (node.kind == SourceNode::Kind::kReal) {
    diagnostics.error(node.at, fmt::format("expected a whole number, not {}", node.text));
    return false;
  }
  if (node.kind != SourceNode::Kind::kInteger) {
    wrong_kind(node, "a whole number", diagnostics);
    return false;
  }
  if (node.integer < 0 || static_cast<std::uint64_t>(node.integer) < min ||
      static_cast<std::uint64_t>(node.integer) > max) {
    const bool bounded = max < std::numeric_limits<std::uint32_t>::max();
    const bool is_below = node.integer < 0 || static_cast<std::uint64_t>(node.integer) < min;
    std::string message = is_below ? fmt::format("must be at least {}", min)
                                   : fmt::format("too large, at most {}", max);
    if (bounded) message = fmt::format("must be from {} to {}", min, max);
    diagnostics.error(node.at, std::move(message));
    return false;
  }
  value = static_cast<Integer>(node.integer);
  return true;
}

template <typename Integer>
std::string Whole<Integer>::schema() const {
  if (max >= std::numeric_limits<std::uint32_t>::max()) {
    return fmt::format(R"({{"type": "integer", "minimum": {}}})", min);
  }
  return fmt::format(R"({{"type": "integer", "minimum": {}, "maximum": {}}})", min, max);
}
template struct Whole<std::uint32_t>;
template struct Whole<std::uint64_t>;

bool Seed::read(const SourceNode& node, std::uint64_t& value, Diagnostics& diagnostics) const {
  if (node.kind != SourceNode::Kind::kString) {
    return Whole<std::uint64_t>{}.read(node, value, diagnostics);
  }
  const char* end = node.text.data() + node.text.size();
  const auto [stopped, error] = std::from_chars(node.text.data(), end, value);
  if (!node.text.empty() && error == std::errc() && stopped == end) return true;
  diagnostics.error(node.at, "must be a whole number from 0 to 2^64-1");
  return false;
}

std::string Seed::print(std::uint64_t value) const {
  constexpr std::uint64_t kIntegerMax = std::numeric_limits<std::int64_t>::max();
  return value <= kIntegerMax ? fmt::format("{}", value) : fmt::format("\"{}\"", value);
}

std::string Seed::schema() const {
  return R"({"anyOf": [{"type": "integer", "minimum": 0}, {"type": "string", "pattern": "^[0-9]{1,20}$"}]})";
}

template <typename T>
bool Parsed<T>::read(const SourceNode& node, T& value, Diagnostics& diagnostics) const {
  std::string text = node.text;
  const bool as_number = plain_numbers && number_text(node, text);
  if (!as_number && node.kind != SourceNode::Kind::kString) {
    wrong_kind(node, plain_numbers ? "a number or a text" : "a text with a unit", diagnostics,
               fmt::format("write it like \"{}\"", example));
    return false;
  }
  const Result<T, TextError> parsed = parse(text);
  if (!parsed) {
    const TextError& error = parsed.error();
    const bool not_finite = as_number && (text == "nan" || text == "inf");
    const SourcePosition at = as_number ? node.at : position_in(node, error.offset, diagnostics);
    diagnostics.error(at, not_finite ? "not a finite number" : error.message, error.suggestion);
    return false;
  }
  if (good != nullptr && !good(*parsed)) {
    diagnostics.error(node.at, std::string(must));
    return false;
  }
  value = *parsed;
  return true;
}

template <typename T>
std::string Parsed<T>::schema() const {
  if (!plain_numbers) return text_schema(pattern);
  const std::string_view most = good == nullptr || !must.starts_with("must be at most 1")
                                    ? std::string_view{}
                                    : std::string_view{R"(, "maximum": 1)"};
  return fmt::format(R"({{"anyOf": [{{"type": "number", "minimum": 0{}}}, {}]}})", most,
                     text_schema(pattern));
}
template struct Parsed<Nanoseconds>;
template struct Parsed<Bytes>;
template struct Parsed<Bandwidth>;
template struct Parsed<Ratio>;
template struct Parsed<std::int64_t>;
template struct Parsed<DelayDistribution>;
template struct Parsed<SizeDistribution>;
template struct Parsed<Rate>;
template struct Parsed<RateShape>;
template struct Parsed<KeyChoice>;
template struct Parsed<UnsyncedOutcome>;
template struct Parsed<ClockWobble>;
template struct Parsed<distribution::MoveWindow>;

bool Cores::read(const SourceNode& node, std::uint64_t& milli, Diagnostics& diagnostics) const {
  Ratio cores;
  const Parsed<Ratio> number{parse_ratio, print_text, "16", kRatioPattern, nullptr, {}, true};
  if (!number.read(node, cores, diagnostics)) return false;
  const UInt128 thousandths = static_cast<UInt128>(cores.numerator()) * 1000;
  if (thousandths % cores.denominator() != 0 || cores > Ratio(1'000'000, 1)) {
    diagnostics.error(node.at, "expected a number of cores, in thousandths at the finest");
    return false;
  }
  milli = static_cast<std::uint64_t>(thousandths / cores.denominator());
  return true;
}

std::string Cores::schema() const {
  return fmt::format(R"({{"anyOf": [{{"type": "number", "minimum": 0}}, {}]}})",
                     text_schema(kRatioPattern));
}

bool PowerOfTwo::read(const SourceNode& node, std::uint64_t& value,
                      Diagnostics& diagnostics) const {
  std::uint64_t number = 0;
  if (!Whole<std::uint64_t>{1}.read(node, number, diagnostics)) return false;
  if ((number & (number - 1)) != 0) {
    diagnostics.error(node.at, "must be a power of two");
    return false;
  }
  value = number;
  return true;
}

bool read_one_of(const SourceNode& node, const std::vector<std::string_view>& names,
                 std::string_view what, std::size_t& index, Diagnostics& diagnostics) {
  if (node.kind != SourceNode::Kind::kString) {
    wrong_kind(node, "a text", diagnostics, suggest({}, names));
    return false;
  }
  for (std::size_t i = 0; i < names.size(); ++i) {
    if (names[i] != node.text) continue;
    index = i;
    return true;
  }
  diagnostics.error(node.at, fmt::format("unknown {} \"{}\"", what, node.text),
                    suggest(node.text, names));
  return false;
}

bool KnownName::read(const SourceNode& node, std::string& value, Diagnostics& diagnostics) const {
  if (!all_known && is_passed_over(node, known)) return true;
  std::size_t index = 0;
  if (!read_one_of(node, known, what, index, diagnostics)) return false;
  value = known[index];
  return true;
}

bool IndexOfName::read(const SourceNode& node, std::uint32_t& value,
                       Diagnostics& diagnostics) const {
  if (!all_known && is_passed_over(node, known)) return true;
  std::size_t index = 0;
  if (!read_one_of(node, known, what, index, diagnostics)) return false;
  value = static_cast<std::uint32_t>(index);
  return true;
}

}  // namespace shardproof::sim
