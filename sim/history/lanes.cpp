// SPDX-License-Identifier: Apache-2.0
#include "sim/history/lanes.hpp"

#include <algorithm>
#include <tuple>

#include "sim/history/operation_text.hpp"

namespace shardproof::sim::history {
namespace {

constexpr std::size_t kOperations = 8;
constexpr std::size_t kClients = 3;

bool holds(const std::vector<std::uint32_t>& records, std::uint32_t index) {
  return std::find(records.begin(), records.end(), index) != records.end();
}

/// The document's records, those first that best explain the contradiction: writes between its
/// operations, then other ones between them, then what is nearest.
std::vector<std::uint32_t> by_use(const DocumentStory& story, const Contradiction& contradiction) {
  const auto [first, last] =
      std::minmax_element(contradiction.records.begin(), contradiction.records.end());
  const auto key = [&, from = *first, until = *last](std::uint32_t index) {
    // What happened before explains more than what came of it.
    const std::uint64_t distance = index < from    ? from - index
                                   : index > until ? std::uint64_t{4} * (index - until)
                                                   : 0;
    const bool is_read = !is_write(story.record(index).kind);
    return std::tuple(distance, is_read, until - std::min(until, index), index);
  };
  std::vector<std::uint32_t> records(story.own().begin(), story.own().end());
  std::sort(records.begin(), records.end(),
            [&](std::uint32_t a, std::uint32_t b) { return key(a) < key(b); });
  return records;
}

std::vector<std::uint32_t> choose(const DocumentStory& story, const Contradiction& contradiction) {
  std::vector<std::uint32_t> chosen = contradiction.records;
  std::sort(chosen.begin(), chosen.end());
  chosen.erase(std::unique(chosen.begin(), chosen.end()), chosen.end());
  std::vector<ClientId> clients;
  const auto knows = [&](ClientId client) {
    return std::find(clients.begin(), clients.end(), client) != clients.end();
  };
  for (const std::uint32_t index : chosen) {
    if (!knows(story.record(index).client)) clients.push_back(story.record(index).client);
  }
  for (const std::uint32_t index : by_use(story, contradiction)) {
    if (chosen.size() >= kOperations) break;
    const ClientId client = story.record(index).client;
    if (holds(chosen, index) || (!knows(client) && clients.size() >= kClients)) continue;
    if (!knows(client)) clients.push_back(client);
    chosen.push_back(index);
  }
  std::sort(chosen.begin(), chosen.end());
  return chosen;
}

}  // namespace

ClientLanes lanes_of(const DocumentStory& story, const Contradiction& contradiction,
                     const std::string& document) {
  ClientLanes lanes;
  lanes.document = document;
  for (const std::uint32_t index : choose(story, contradiction)) {
    const HistoryRecord& record = story.record(index);
    ClientOperation& operation = lanes.operations.emplace_back();
    operation.client = record.client;
    operation.question = question_text(record, story);
    operation.answer = answer_text(record, story);
    operation.asked_at = record.asked_at;
    if (record.outcome != HistoryRecord::Outcome::kOpen) operation.answered_at = record.answered_at;
    operation.is_contradictory = holds(contradiction.records, index);
  }
  return lanes;
}

}  // namespace shardproof::sim::history
