// SPDX-License-Identifier: Apache-2.0
#include "sim/observe/pending.hpp"

#include <algorithm>

namespace shardproof::sim {

namespace {

bool is_same_wait(const PendingWait& a, const PendingWait& b) {
  return a.as_coordinator == b.as_coordinator && a.message == b.message && a.from == b.from;
}

/// "n0", "n0 and n2", "n0, n1 and n2".
std::string enumeration(const std::vector<std::string>& parts) {
  std::string text;
  for (std::size_t i = 0; i < parts.size(); ++i) {
    text += i == 0 ? "" : i + 1 == parts.size() ? " and " : ", ";
    text += parts[i];
  }
  return text;
}

/// Of `alike`, which are one wait but for who waits and since when: "n0 awaits CopyAck of n2 since
/// 3.2s", "n0 (since 3.2s) and n1 (since 3.3s) await CopyAck of n2".
std::string alike_text(const std::vector<const PendingWait*>& alike) {
  const PendingWait& first = *alike.front();
  const bool is_one_since = std::all_of(alike.begin(), alike.end(), [&](const PendingWait* wait) {
    return wait->since == first.since;
  });
  std::vector<std::string> names;
  for (const PendingWait* wait : alike) {
    names.push_back(fmt::format("{}", wait->node));
    if (!is_one_since && wait->since) names.back() += fmt::format(" (since {})", *wait->since);
  }
  std::string text = fmt::format("{}{} await{} {}", first.as_coordinator ? "coordinator " : "",
                                 enumeration(names), alike.size() == 1 ? "s" : "", first.message);
  if (!first.from.empty()) text += fmt::format(" of {}", first.from);
  if (is_one_since && first.since) text += fmt::format(" since {}", *first.since);
  return text;
}

}  // namespace

std::string waits_text(const PendingItem& item) {
  std::string text;
  std::vector<bool> is_told(item.waits.size());
  for (std::size_t i = 0; i < item.waits.size(); ++i) {
    if (is_told[i]) continue;
    std::vector<const PendingWait*> alike;
    for (std::size_t j = i; j < item.waits.size(); ++j) {
      if (!is_same_wait(item.waits[i], item.waits[j])) continue;
      is_told[j] = true;
      alike.push_back(&item.waits[j]);
    }
    text += (text.empty() ? "" : ", ") + alike_text(alike);
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
