// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <compare>
#include <cstdint>
#include <limits>

#include <fmt/format.h>

#include "core/base/wide.hpp"

namespace shardproof {

/// A span of time in integer nanoseconds, signed (clock offsets are negative too). About ±292
/// years.
class Nanoseconds {
 public:
  constexpr Nanoseconds() = default;
  constexpr explicit Nanoseconds(std::int64_t count) : count_(count) {}

  static constexpr Nanoseconds max() {
    return Nanoseconds(std::numeric_limits<std::int64_t>::max());
  }

  constexpr std::int64_t count() const { return count_; }

  friend constexpr auto operator<=>(Nanoseconds, Nanoseconds) = default;
  friend constexpr Nanoseconds operator+(Nanoseconds a, Nanoseconds b) {
    return Nanoseconds(a.count_ + b.count_);
  }
  friend constexpr Nanoseconds operator-(Nanoseconds a, Nanoseconds b) {
    return Nanoseconds(a.count_ - b.count_);
  }
  friend constexpr Nanoseconds operator*(Nanoseconds a, std::int64_t k) {
    return Nanoseconds(a.count_ * k);
  }
  friend constexpr Nanoseconds operator/(Nanoseconds a, std::int64_t k) {
    return Nanoseconds(a.count_ / k);
  }
  constexpr Nanoseconds& operator+=(Nanoseconds other) {
    count_ += other.count_;
    return *this;
  }

 private:
  std::int64_t count_ = 0;
};

constexpr Nanoseconds nanoseconds(std::int64_t count) { return Nanoseconds(count); }
constexpr Nanoseconds microseconds(std::int64_t count) { return Nanoseconds(count * 1'000); }
constexpr Nanoseconds milliseconds(std::int64_t count) { return Nanoseconds(count * 1'000'000); }
constexpr Nanoseconds seconds(std::int64_t count) { return Nanoseconds(count * 1'000'000'000); }
constexpr Nanoseconds minutes(std::int64_t count) { return seconds(count * 60); }
constexpr Nanoseconds hours(std::int64_t count) { return minutes(count * 60); }

/// A point in time: nanoseconds since the start of the simulation (true time) or since a node's own
/// clock's zero (local time). The two are never mixed: a node is only ever handed local readings.
class Instant {
 public:
  constexpr Instant() = default;
  constexpr explicit Instant(Nanoseconds since_start) : since_start_(since_start) {}

  /// The instant after every other one.
  static constexpr Instant never() { return Instant(Nanoseconds::max()); }

  constexpr Nanoseconds since_start() const { return since_start_; }
  constexpr std::int64_t count() const { return since_start_.count(); }

  friend constexpr auto operator<=>(Instant, Instant) = default;
  friend constexpr Instant operator+(Instant a, Nanoseconds b) {
    return Instant(a.since_start_ + b);
  }
  friend constexpr Instant operator-(Instant a, Nanoseconds b) {
    return Instant(a.since_start_ - b);
  }
  friend constexpr Nanoseconds operator-(Instant a, Instant b) {
    return a.since_start_ - b.since_start_;
  }

 private:
  Nanoseconds since_start_;
};

/// An amount of data. Unsigned; subtraction below zero is a programming error of the caller.
class Bytes {
 public:
  constexpr Bytes() = default;
  constexpr explicit Bytes(std::uint64_t count) : count_(count) {}

  static constexpr Bytes max() { return Bytes(std::numeric_limits<std::uint64_t>::max()); }

  constexpr std::uint64_t count() const { return count_; }

  friend constexpr auto operator<=>(Bytes, Bytes) = default;
  friend constexpr Bytes operator+(Bytes a, Bytes b) { return Bytes(a.count_ + b.count_); }
  friend constexpr Bytes operator-(Bytes a, Bytes b) { return Bytes(a.count_ - b.count_); }
  friend constexpr Bytes operator*(Bytes a, std::uint64_t k) { return Bytes(a.count_ * k); }
  friend constexpr Bytes operator/(Bytes a, std::uint64_t k) { return Bytes(a.count_ / k); }
  constexpr Bytes& operator+=(Bytes other) {
    count_ += other.count_;
    return *this;
  }
  constexpr Bytes& operator-=(Bytes other) {
    count_ -= other.count_;
    return *this;
  }

 private:
  std::uint64_t count_ = 0;
};

/// Bytes per second. Zero means "no limit" wherever a rate limits something.
class Bandwidth {
 public:
  constexpr Bandwidth() = default;
  constexpr explicit Bandwidth(std::uint64_t bytes_per_second) : rate_(bytes_per_second) {}

  constexpr std::uint64_t bytes_per_second() const { return rate_; }
  constexpr bool is_unlimited() const { return rate_ == 0; }
  /// How long `amount` occupies a link or disk of this rate, rounded up; zero if unlimited.
  constexpr Nanoseconds time_for(Bytes amount) const {
    if (rate_ == 0) return Nanoseconds(0);
    const auto scaled = static_cast<UInt128>(amount.count()) * 1'000'000'000u + rate_ - 1;
    const UInt128 span = scaled / rate_;
    constexpr auto kMax = std::numeric_limits<std::int64_t>::max();
    return Nanoseconds(span > static_cast<UInt128>(kMax) ? kMax : static_cast<std::int64_t>(span));
  }

  friend constexpr auto operator<=>(Bandwidth, Bandwidth) = default;

 private:
  std::uint64_t rate_ = 0;
};

/// An exact fraction `numerator / denominator`, denominator > 0: probabilities, factors, weights.
/// Compared by cross-multiplication in 128 bits, so 1/2 == 2/4.
class Ratio {
 public:
  constexpr Ratio() = default;
  constexpr Ratio(std::uint64_t numerator, std::uint64_t denominator)
      : numerator_(numerator), denominator_(denominator) {}

  constexpr std::uint64_t numerator() const { return numerator_; }
  constexpr std::uint64_t denominator() const { return denominator_; }
  constexpr bool is_zero() const { return numerator_ == 0; }

  /// `value * numerator / denominator`, rounded down, computed in 128 bits.
  constexpr std::uint64_t of(std::uint64_t value) const {
    const auto product = static_cast<UInt128>(value) * numerator_;
    return static_cast<std::uint64_t>(product / denominator_);
  }
  constexpr Nanoseconds of(Nanoseconds span) const {
    const auto product = static_cast<Int128>(span.count()) * static_cast<Int128>(numerator_);
    return Nanoseconds(static_cast<std::int64_t>(product / static_cast<Int128>(denominator_)));
  }

  friend constexpr bool operator==(Ratio a, Ratio b) { return (a <=> b) == 0; }
  friend constexpr std::strong_ordering operator<=>(Ratio a, Ratio b) {
    return static_cast<UInt128>(a.numerator_) * b.denominator_ <=>
           static_cast<UInt128>(b.numerator_) * a.denominator_;
  }

 private:
  std::uint64_t numerator_ = 0;
  std::uint64_t denominator_ = 1;
};

}  // namespace shardproof

/// Prints the largest unit that keeps the value exact: `250us`, `3s`, `1500ms`.
template <>
struct fmt::formatter<shardproof::Nanoseconds> {
  constexpr auto parse(format_parse_context& context) { return context.begin(); }
  template <typename FormatContext>
  auto format(shardproof::Nanoseconds span, FormatContext& context) const {
    const std::int64_t n = span.count();
    if (n == 0) return fmt::format_to(context.out(), "0s");
    if (n % 3'600'000'000'000 == 0)
      return fmt::format_to(context.out(), "{}h", n / 3'600'000'000'000);
    if (n % 60'000'000'000 == 0) return fmt::format_to(context.out(), "{}min", n / 60'000'000'000);
    if (n % 1'000'000'000 == 0) return fmt::format_to(context.out(), "{}s", n / 1'000'000'000);
    if (n % 1'000'000 == 0) return fmt::format_to(context.out(), "{}ms", n / 1'000'000);
    if (n % 1'000 == 0) return fmt::format_to(context.out(), "{}us", n / 1'000);
    return fmt::format_to(context.out(), "{}ns", n);
  }
};

/// Prints seconds with all nine decimals, so that equal instants print equal: `12.000345678s`.
template <>
struct fmt::formatter<shardproof::Instant> {
  constexpr auto parse(format_parse_context& context) { return context.begin(); }
  template <typename FormatContext>
  auto format(shardproof::Instant instant, FormatContext& context) const {
    const std::int64_t n = instant.count();
    const std::int64_t magnitude = n < 0 ? -n : n;
    return fmt::format_to(context.out(), "{}{}.{:09}s", n < 0 ? "-" : "", magnitude / 1'000'000'000,
                          magnitude % 1'000'000'000);
  }
};

/// Prints the plain number of bytes with its unit: `4096B`.
template <>
struct fmt::formatter<shardproof::Bytes> {
  constexpr auto parse(format_parse_context& context) { return context.begin(); }
  template <typename FormatContext>
  auto format(shardproof::Bytes bytes, FormatContext& context) const {
    return fmt::format_to(context.out(), "{}B", bytes.count());
  }
};

template <>
struct fmt::formatter<shardproof::Bandwidth> {
  constexpr auto parse(format_parse_context& context) { return context.begin(); }
  template <typename FormatContext>
  auto format(shardproof::Bandwidth rate, FormatContext& context) const {
    if (rate.is_unlimited()) return fmt::format_to(context.out(), "unlimited");
    return fmt::format_to(context.out(), "{}B/s", rate.bytes_per_second());
  }
};

template <>
struct fmt::formatter<shardproof::Ratio> {
  constexpr auto parse(format_parse_context& context) { return context.begin(); }
  template <typename FormatContext>
  auto format(shardproof::Ratio ratio, FormatContext& context) const {
    return fmt::format_to(context.out(), "{}/{}", ratio.numerator(), ratio.denominator());
  }
};
