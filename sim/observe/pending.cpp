// SPDX-License-Identifier: Apache-2.0
#include "sim/observe/pending.hpp"

#include <algorithm>

namespace shardproof::sim {

std::string waits_text(const PendingItem& item) {
  std::string text;
  for (const PendingWait& wait : item.waits) {
    text += fmt::format("{}{}{} awaits {}", text.empty() ? "" : ", ",
                        wait.as_coordinator ? "coordinator " : "", wait.node, wait.message);
    if (!wait.from.empty()) text += fmt::format(" of {}", wait.from);
    if (wait.since) text += fmt::format(" since {}", *wait.since);
  }
  return text;
}

std::string to_string(const PendingItem& item) {
  const std::string waits = waits_text(item);
  return waits.empty() ? item.text : fmt::format("{}; {}", item.text, waits);
}

std::string list_text(std::span<const PendingItem> items) {
  if (items.empty()) return "nothing";
  std::string text;
  for (const PendingItem& one : items.first(std::min(items.size(), kPendingNamed))) {
    text += (text.empty() ? "" : " | ") + to_string(one);
  }
  if (items.size() > kPendingNamed)
    text += fmt::format(" | and {} more", items.size() - kPendingNamed);
  return text;
}

}  // namespace shardproof::sim
