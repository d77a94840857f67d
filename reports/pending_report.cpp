// SPDX-License-Identifier: Apache-2.0
#include "reports/pending_report.hpp"

#include <algorithm>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "reports/wrapped.hpp"

namespace shardproof::reports {
namespace {

using Json = nlohmann::ordered_json;

constexpr std::size_t kPendingColumns = 100;
/// Items, and waits of one item; `--json` has all.
constexpr std::size_t kItemsShown = 20;
constexpr std::size_t kWaitsShown = 8;

template <typename Id>
Json id_or_null(Id value) {
  return value.is_none() ? Json(nullptr) : Json(fmt::format("{}", value));
}

Json text_or_null(const std::string& text) { return text.empty() ? Json(nullptr) : Json(text); }

std::string paragraph(const std::string& text, std::string_view lead) {
  std::string lines;
  std::string indent(lead);
  for (const std::string& piece : wrapped_pieces(text, kPendingColumns - lead.size(), true)) {
    lines += fmt::format("{}{}\n", indent, piece);
    indent.assign(lead.size() + 2, ' ');
  }
  return lines;
}

std::string wait_text(const sim::PendingWait& wait) {
  return sim::waits_text({ShardId::none(), NodeId::none(), "", "", {wait}});
}

Json wait_json(const sim::PendingWait& wait) {
  return {{"node", id_or_null(wait.node)},
          {"coordinator", wait.as_coordinator},
          {"message", wait.message},
          {"from", text_or_null(wait.from)},
          {"since_ns", wait.since ? Json(wait.since->count()) : Json(nullptr)}};
}

}  // namespace

std::string pending_text(const std::vector<sim::PendingItem>& items, const Style& style) {
  if (items.empty()) return "  none\n";
  std::string text;
  for (const sim::PendingItem& item : std::span(items).first(std::min(items.size(), kItemsShown))) {
    text += paragraph(item.text, "  ");
    const std::size_t shown = std::min(item.waits.size(), kWaitsShown);
    for (std::size_t i = 0; i < shown; ++i) {
      text += style.dim(paragraph(wait_text(item.waits[i]), "    - "));
    }
    if (item.waits.size() > shown) {
      text += fmt::format("    and {} more\n", item.waits.size() - shown);
    }
  }
  if (items.size() > kItemsShown)
    text += fmt::format("  and {} more\n", items.size() - kItemsShown);
  return text;
}

Json pending_json(const std::vector<sim::PendingItem>& items) {
  Json list = Json::array();
  for (const sim::PendingItem& item : items) {
    Json waits = Json::array();
    for (const sim::PendingWait& wait : item.waits) waits.push_back(wait_json(wait));
    list.push_back({{"shard", id_or_null(item.shard)},
                    {"node", id_or_null(item.node)},
                    {"phase", text_or_null(item.phase)},
                    {"text", item.text},
                    {"waits", std::move(waits)}});
  }
  return list;
}

}  // namespace shardproof::reports
