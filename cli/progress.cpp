// SPDX-License-Identifier: Apache-2.0
#include "cli/progress.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "cli/terminal.hpp"
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

std::uint64_t Stopwatch::elapsed_ns() const {
  const auto elapsed = std::chrono::duration_cast<std::chrono::nanoseconds>(Clock::now() - start_);
  return static_cast<std::uint64_t>(elapsed.count());
}

ProgressReporter::ProgressReporter(std::string label, bool is_silent)
    : label_(std::move(label)), is_silent_(is_silent), is_terminal_(stderr_is_terminal()) {
  if (label_.size() > kLabelMax) label_ = label_.substr(0, kLabelMax - 3) + "...";
  next_ = Clock::now() + (is_terminal_ ? std::chrono::milliseconds(200) : std::chrono::seconds(10));
}

ProgressReporter::~ProgressReporter() {
  if (is_drawn_ && is_terminal_) print_error("\r\x1b[K");
}

void ProgressReporter::update(const sim::Progress& progress) {
  if (is_silent_) return;
  const Clock::time_point now = Clock::now();
  if (now < next_) return;
  next_ = now + (is_terminal_ ? std::chrono::milliseconds(100) : std::chrono::seconds(10));
  const std::string line = progress_line(label_, progress, elapsed_ns(), is_terminal_);
  print_error(is_terminal_ ? "\r" + line + "\x1b[K" : line + "\n");
  is_drawn_ = true;
}

}  // namespace shardproof::cli
