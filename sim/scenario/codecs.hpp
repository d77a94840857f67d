// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "sim/scenario/amounts.hpp"
#include "sim/scenario/decimal.hpp"
#include "sim/scenario/names.hpp"
#include "sim/scenario/shapes.hpp"
#include "sim/scenario/source_tree.hpp"

namespace shardproof::sim {

/// How one value of a scenario is written. A codec has
///   using Value;
///   bool read(const SourceNode&, Value&, Diagnostics&) const;   false after an error is reported
///   std::string print(const Value&) const;                      the TOML value that is read back
///   std::string schema() const;                                 what a JSON schema says of it
/// `read` leaves the value as it is on an error.

/// `"text"` with what TOML wants escaped.
std::string toml_quoted(std::string_view text);
/// A text as a JSON string.
std::string json_quoted(std::string_view text);
/// `{"type": "string", "pattern": ...}`.
std::string text_schema(std::string_view pattern);
/// "expected a text, not a whole number", with a suggestion.
void wrong_kind(const SourceNode& node, std::string_view expected, Diagnostics& diagnostics,
                std::string suggestion = {});

struct Text {
  using Value = std::string;
  bool may_be_empty = true;
  bool read(const SourceNode& node, std::string& value, Diagnostics& diagnostics) const;
  std::string print(const std::string& value) const { return toml_quoted(value); }
  std::string schema() const;
};

struct Flag {
  using Value = bool;
  bool read(const SourceNode& node, bool& value, Diagnostics& diagnostics) const;
  std::string print(bool value) const { return value ? "true" : "false"; }
  std::string schema() const { return R"({"type": "boolean"})"; }
};

/// A whole number of [min, max].
template <typename Integer>
struct Whole {
  using Value = Integer;
  Integer min = 0;
  Integer max = std::numeric_limits<Integer>::max();
  bool read(const SourceNode& node, Integer& value, Diagnostics& diagnostics) const;
  std::string print(Integer value) const { return fmt::format("{}", value); }
  std::string schema() const;
};
extern template struct Whole<std::uint32_t>;
extern template struct Whole<std::uint64_t>;
inline constexpr Whole<std::uint32_t> kSectorCount{1, 1'000'000};

/// A whole number of 64 bits. TOML's integers have a sign, so that one of 2^63 or more is written
/// as a text of digits; any may be.
struct Seed {
  using Value = std::uint64_t;
  bool read(const SourceNode& node, std::uint64_t& value, Diagnostics& diagnostics) const;
  std::string print(std::uint64_t value) const;
  std::string schema() const;
};

/// A text that `parse` understands. `Bounds` check the value and name what was expected.
template <typename T>
struct Parsed {
  using Value = T;
  Result<T, TextError> (*parse)(std::string_view);
  std::string (*to_text)(const T&);
  std::string_view example;          ///< suggested where there is no text at all
  std::string_view pattern;          ///< a regular expression that every good text fits
  bool (*good)(const T&) = nullptr;  ///< absent: everything that parses
  std::string_view must = {};        ///< "must be above zero", said if it is not good
  bool plain_numbers = false;        ///< a TOML number stands for its text

  bool read(const SourceNode& node, T& value, Diagnostics& diagnostics) const;
  std::string print(const T& value) const {
    const std::string text = to_text(value);
    return plain_numbers && text.find_first_not_of("0123456789.") == std::string::npos
               ? text
               : toml_quoted(text);
  }
  std::string schema() const;
};
extern template struct Parsed<Nanoseconds>;
extern template struct Parsed<Bytes>;
extern template struct Parsed<Bandwidth>;
extern template struct Parsed<Ratio>;
extern template struct Parsed<std::int64_t>;
extern template struct Parsed<DelayDistribution>;
extern template struct Parsed<SizeDistribution>;
extern template struct Parsed<Rate>;
extern template struct Parsed<RateShape>;
extern template struct Parsed<KeyChoice>;
extern template struct Parsed<UnsyncedOutcome>;
extern template struct Parsed<ClockWobble>;
extern template struct Parsed<distribution::MoveWindow>;

extern const Parsed<Nanoseconds> kDuration;  ///< zero allowed
extern const Parsed<Nanoseconds> kPositiveDuration;
extern const Parsed<Nanoseconds> kSignedDuration;
extern const Parsed<Nanoseconds> kTimeOfDay;
extern const Parsed<Bytes> kBytes;
extern const Parsed<Bytes> kPositiveBytes;
extern const Parsed<Bytes> kCapacity;  ///< or "unlimited"
extern const Parsed<Bandwidth> kBandwidth;
extern const Parsed<Ratio> kProbability;  ///< 0 to 1
extern const Parsed<Ratio> kRatio;        ///< zero allowed
extern const Parsed<Ratio> kPositiveRatio;
extern const Parsed<Ratio> kSlowdown;  ///< "10x", at least 1
extern const Parsed<Ratio> kSpeedup;   ///< "10x", above 0
extern const Parsed<std::int64_t> kDrift;
extern const Parsed<std::int64_t> kDriftBound;  ///< not negative
extern const Parsed<DelayDistribution> kDelay;
extern const Parsed<SizeDistribution> kSize;
extern const Parsed<Rate> kPositiveRate;
extern const Parsed<RateShape> kRateShape;
extern const Parsed<KeyChoice> kKeys;
extern const Parsed<UnsyncedOutcome> kUnsynced;
extern const Parsed<ClockWobble> kWobble;
extern const Parsed<ClockWobble> kSomeWobble;  ///< not "none"
extern const Parsed<distribution::MoveWindow> kWindow;

/// Cores of a processor in thousandths: `"0.5"`, `"16"` or a plain number.
struct Cores {
  using Value = std::uint64_t;
  bool read(const SourceNode& node, std::uint64_t& milli, Diagnostics& diagnostics) const;
  std::string print(std::uint64_t milli) const { return to_text(Ratio(milli, 1000)); }
  std::string schema() const;
};

struct PowerOfTwo {
  using Value = std::uint64_t;
  bool read(const SourceNode& node, std::uint64_t& value, Diagnostics& diagnostics) const;
  std::string print(std::uint64_t value) const { return fmt::format("{}", value); }
  std::string schema() const { return R"({"type": "integer", "minimum": 1})"; }
};

/// One of a few names, each standing for a value; `names[i]` is `values[i]`.
template <typename Enum>
struct OneOf {
  using Value = Enum;
  struct Choice {
    std::string_view name;
    Enum value;
  };
  std::vector<Choice> choices;
  bool read(const SourceNode& node, Enum& value, Diagnostics& diagnostics) const;
  std::string print(Enum value) const;
  std::string schema() const;
};

/// What the texts of a trace's operation column mean: `{ "28" = "read", "2a" = "replace" }`.
struct OperationNames {
  using Value = std::vector<std::pair<std::string, TrafficOperation>>;
  bool read(const SourceNode& node, Value& value, Diagnostics& diagnostics) const;
  std::string print(const Value& value) const;
  std::string schema() const;
};

/// One of the names that somebody else defines, kept as a text.
struct KnownName {
  using Value = std::string;
  std::string_view what;  ///< "placement policy"
  std::vector<std::string_view> known;
  bool all_known = true;  ///< false: any other name is passed over, without a value
  bool read(const SourceNode& node, std::string& value, Diagnostics& diagnostics) const;
  std::string print(const std::string& value) const { return toml_quoted(value); }
  std::string schema() const { return text_schema({}); }
};

/// One of the names that somebody else defines, kept as its place among them.
struct IndexOfName {
  using Value = std::uint32_t;
  std::string_view what;
  std::vector<std::string_view> known;
  bool all_known = true;  ///< false: any other name is passed over, without a value
  bool read(const SourceNode& node, std::uint32_t& value, Diagnostics& diagnostics) const;
  std::string print(std::uint32_t value) const { return toml_quoted(known[value]); }
  std::string schema() const { return text_schema({}); }
};

/// A value of one codec, or "none".
template <typename Codec>
struct OrNone {
  using Value = std::optional<typename Codec::Value>;
  Codec item;
  bool read(const SourceNode& node, Value& value, Diagnostics& diagnostics) const {
    if (node.kind == SourceNode::Kind::kString && node.text == "none") {
      value.reset();
      return true;
    }
    typename Codec::Value some{};
    if (!item.read(node, some, diagnostics)) return false;
    value = std::move(some);
    return true;
  }
  std::string print(const Value& value) const { return value ? item.print(*value) : "\"none\""; }
  std::string schema() const {
    return fmt::format(R"({{"anyOf": [{}, {{"const": "none"}}]}})", item.schema());
  }
};

/// An array of values of one codec.
template <typename Codec>
struct ListOf {
  using Value = std::vector<typename Codec::Value>;
  Codec item;
  std::size_t least = 0;
  bool read(const SourceNode& node, Value& value, Diagnostics& diagnostics) const {
    if (node.kind != SourceNode::Kind::kArray) {
      wrong_kind(node, "an array", diagnostics);
      return false;
    }
    if (node.items.size() < least) {
      diagnostics.error(node.at, fmt::format("expected at least {} items", least));
      return false;
    }
    Value items;
    bool good = true;
    for (const SourceNode& source : node.items) {
      items.emplace_back();
      good = item.read(source, items.back(), diagnostics) && good;
    }
    if (good) value = std::move(items);
    return good;
  }
  std::string print(const Value& value) const {
    std::string text = "[";
    for (const auto& element : value) {
      if (text.size() > 1) text += ", ";
      text += item.print(element);
    }
    return text + "]";
  }
  std::string schema() const {
    return fmt::format(R"({{"type": "array", "minItems": {}, "items": {}}})", least, item.schema());
  }
};

// Implementation.

bool read_one_of(const SourceNode& node, const std::vector<std::string_view>& names,
                 std::string_view what, std::size_t& index, Diagnostics& diagnostics);

template <typename Enum>
bool OneOf<Enum>::read(const SourceNode& node, Enum& value, Diagnostics& diagnostics) const {
  std::vector<std::string_view> names;
  for (const Choice& choice : choices) names.push_back(choice.name);
  std::size_t index = 0;
  if (!read_one_of(node, names, "choice", index, diagnostics)) return false;
  value = choices[index].value;
  return true;
}

template <typename Enum>
std::string OneOf<Enum>::print(Enum value) const {
  for (const Choice& choice : choices) {
    if (choice.value == value) return toml_quoted(choice.name);
  }
  SHARDPROOF_CHECK(false, "no name for choice {}", static_cast<int>(value));
  return {};
}

template <typename Enum>
std::string OneOf<Enum>::schema() const {
  std::string names;
  for (const Choice& choice : choices) {
    names += (names.empty() ? "" : ", ") + json_quoted(choice.name);
  }
  return "{\"enum\": [" + names + "]}";
}

}  // namespace shardproof::sim
