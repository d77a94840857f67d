// SPDX-License-Identifier: Apache-2.0
#include "reports/client_lanes.hpp"

#include <algorithm>
#include <tuple>
#include <vector>

#include <fmt/format.h>

#include "reports/table.hpp"

namespace shardproof::reports {
namespace {

using sim::ClientOperation;

/// A question or an answer.
struct Moment {
  Instant time;
  bool is_question = false;
  std::size_t operation = 0;
};

/// An answer comes before what is asked in its moment.
std::vector<Moment> moments_of(const std::vector<ClientOperation>& operations) {
  std::vector<Moment> moments;
  for (std::size_t i = 0; i < operations.size(); ++i) {
    moments.push_back({operations[i].asked_at, true, i});
    moments.push_back({operations[i].answered_at.value_or(Instant::never()), false, i});
  }
  const auto key = [](const Moment& moment) {
    return std::tuple(moment.time, moment.is_question, moment.operation);
  };
  std::sort(moments.begin(), moments.end(),
            [&](const Moment& a, const Moment& b) { return key(a) < key(b); });
  return moments;
}

std::vector<ClientId> clients_of(const std::vector<ClientOperation>& operations) {
  std::vector<ClientId> clients;
  for (const ClientOperation& operation : operations) clients.push_back(operation.client);
  std::sort(clients.begin(), clients.end());
  clients.erase(std::unique(clients.begin(), clients.end()), clients.end());
  return clients;
}

std::string cell_of(const ClientOperation& operation, bool is_question) {
  const char* mark = operation.is_contradictory ? "> " : "  ";
  return mark + (is_question ? operation.question : operation.answer);
}

}  // namespace

std::string lanes_text(const sim::ClientLanes& lanes, const Style& style) {
  const std::vector<ClientId> clients = clients_of(lanes.operations);
  Table table(std::vector<Table::Align>(clients.size() + 1, Table::Align::kLeft));
  std::vector<std::string> heading{"time"};
  for (const ClientId client : clients) heading.push_back(fmt::format("  client {}", client));
  table.heading(heading);
  // A bar goes down the lane of a client that waits for an answer.
  std::vector<bool> waits(clients.size());
  for (const Moment& moment : moments_of(lanes.operations)) {
    const ClientOperation& operation = lanes.operations[moment.operation];
    const auto lane = static_cast<std::size_t>(
        std::lower_bound(clients.begin(), clients.end(), operation.client) - clients.begin());
    const bool is_over = moment.time != Instant::never();
    std::vector<std::string> row{is_over ? fmt::format("{}", moment.time) : "the end"};
    for (const bool is_waiting : waits) row.push_back(is_waiting ? "  |" : "");
    row[lane + 1] = cell_of(operation, moment.is_question);
    waits[lane] = moment.is_question;
    table.row(row);
  }
  const std::string title = fmt::format(
      "what clients asked and were told of \"{}\" (> cannot all be true):", lanes.document);
  return "  " + style.dim(title) + "\n" + table.text(style);
}

}  // namespace shardproof::reports
