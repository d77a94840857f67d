// SPDX-License-Identifier: Apache-2.0
#include "cli/progress.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "core/base/humanise.hpp"

namespace shardproof::cli {
namespace {

constexpr std::size_t kBarWidth = 24;
constexpr std::size_t kLabelMax = 32;

std::string bar_text(double share) {
  const auto filled = static_cast<std::size_t>(share * static_cast<double>(kBarWidth));
  std::string bar(kBarWidth, ' ');
  std::fill_n(bar.begin(), filled, '=');
  if (filled < kBarWidth) bar[filled] = '>';
  return "[" + bar + "]  ";
}

}  // namespace

std::string progress_line(const std::string& label, const sim::Progress& progress,
                          std::uint64_t elapsed_ns, bool has_bar) {
  const double elapsed = static_cast<double>(elapsed_ns);
  const double duration = std::max(1.0, static_cast<double>(progress.duration.count()));
  const double share =
      std::clamp(static_cast<double>(progress.simulated.count()) / duration, 0.0, 1.0);
  std::string line =
      fmt::format("{}  {:3.0f} %  {}", label, share * 100, has_bar ? bar_text(share) : "");
  if (elapsed > 0) {
    const double rate = static_cast<double>(progress.events) * 1e9 / elapsed;
    line += fmt::format("{} events/s", human_scaled(rate));
  }
  if (share > 0.01) {
    line += fmt::format("  {} left", human_duration(elapsed / share * (1 - share)));
  }
  if (progress.violations > 0) {
    line += fmt::format("  {}", human_number_of(progress.violations, "violation"));
  }
  return line;
}

ProgressReporter::ProgressReporter(std::string label, bool is_silent)
    : label_(std::move(label)), line_(is_silent) {
  if (label_.size() > kLabelMax) label_ = label_.substr(0, kLabelMax - 3) + "...";
}

void ProgressReporter::update(const sim::Progress& progress) {
  if (!line_.is_due()) return;
  line_.show(progress_line(label_, progress, elapsed_ns(), line_.is_terminal()));
}

}  // namespace shardproof::cli
