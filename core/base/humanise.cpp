// SPDX-License-Identifier: Apache-2.0
#include "core/base/humanise.hpp"

#include <array>
#include <cmath>
#include <string_view>

#include <fmt/format.h>

namespace shardproof {
namespace {

/// At least three digits, no needless ones: "1.24", "12.4", "124".
std::string three_digits(double number) {  // lint: reporting only
  if (number == std::floor(number) && number < 1000) return fmt::format("{:.0f}", number);
  const int decimals = number < 9.995 ? 2 : number < 99.95 ? 1 : 0;
  return fmt::format("{:.{}f}", number, decimals);
}

template <std::size_t kSize>
using UnitNames = std::array<std::string_view, kSize>;

template <std::size_t kSize>
std::string scaled(double number, const UnitNames<kSize>& units) {  // lint: reporting only
  std::size_t unit = 0;
  // 999.5 would be written as 1000.
  while (number >= 999.5 && unit + 1 < kSize) {
    number /= 1000;
    ++unit;
  }
  return units[unit].empty() ? three_digits(number)
                             : fmt::format("{} {}", three_digits(number), units[unit]);
}

}  // namespace

std::string human_count(std::uint64_t count) {
  const std::string digits = fmt::format("{}", count);
  std::string grouped;
  for (std::size_t place = 0; place < digits.size(); ++place) {
    const bool begins_group = place > 0 && (digits.size() - place) % 3 == 0;
    if (begins_group) grouped += ',';
    grouped += digits[place];
  }
  return grouped;
}

std::string human_scaled(double number) {  // lint: reporting only
  static constexpr std::array<std::string_view, 5> kUnits = {"", "k", "M", "G", "T"};
  return scaled(number, kUnits);
}

std::string human_duration(double nanoseconds) {  // lint: reporting only
  static constexpr std::array<std::string_view, 4> kUnits = {"ns", "us", "ms", "s"};
  const double seconds = nanoseconds / 1e9;  // lint: reporting only
  if (nanoseconds == 0) return "0 s";
  if (seconds < 99.95) return scaled(nanoseconds, kUnits);
  const double tenths = std::round(seconds * 10);   // lint: reporting only
  const double minutes = std::floor(tenths / 600);  // lint: reporting only
  if (minutes < 60) {
    const double rest = tenths - minutes * 600;  // lint: reporting only
    return rest == 0 ? fmt::format("{:.0f} min", minutes)
                     : fmt::format("{:.0f} min {} s", minutes, three_digits(rest / 10));
  }
  const double whole_minutes = std::round(seconds / 60);  // lint: reporting only
  const double hours = std::floor(whole_minutes / 60);    // lint: reporting only
  const double rest = whole_minutes - hours * 60;         // lint: reporting only
  return rest == 0 ? fmt::format("{:.0f} h", hours)
                   : fmt::format("{:.0f} h {:.0f} min", hours, rest);
}

std::string human_bytes(double bytes) {  // lint: reporting only
  static constexpr std::array<std::string_view, 7> kUnits = {"B",  "kB", "MB", "GB",
                                                             "TB", "PB", "EB"};
  return scaled(bytes, kUnits);
}

std::string human_bandwidth(Bandwidth rate) {
  if (rate.is_unlimited()) return "unlimited";
  return human_bytes(static_cast<double>(rate.bytes_per_second())) + "/s";  // lint: reporting only
}

std::string human_number_of(std::uint64_t count, std::string_view noun) {
  if (count == 1) return fmt::format("1 {}", noun);
  // All nouns that we count and that end so have a consonant before it.
  if (noun.ends_with('y')) {
    return fmt::format("{} {}ies", human_count(count), noun.substr(0, noun.size() - 1));
  }
  return fmt::format("{} {}s", human_count(count), noun);
}

std::string human_node(NodeId node) {
  return node.has_value() ? fmt::format("{}", node) : "nobody";
}

}  // namespace shardproof
