// SPDX-License-Identifier: Apache-2.0
#include "sim/cluster/operator_console.hpp"

namespace shardproof::sim {
namespace {

constexpr Nanoseconds kAskAgain = seconds(1);

/// Whether the later of two commands may take back what the earlier one does.
bool undo_each_other(const message::AdminRequest& a, const message::AdminRequest& b) {
  using message::AdminKind;
  const auto is_maintenance = [](AdminKind kind) {
    return kind == AdminKind::BeginMaintenance || kind == AdminKind::EndMaintenance;
  };
  if (is_maintenance(a.kind)) return is_maintenance(b.kind) && a.node == b.node;
  if (a.kind != b.kind) return false;
  switch (a.kind) {
    case AdminKind::SetReplication: return a.collection.full_name() == b.collection.full_name();
    case AdminKind::SetBalancing:
    case AdminKind::SetLimits:
    case AdminKind::SetPolicy: return true;
    default: return false;
  }
}

}  // namespace

OperatorConsole::OperatorConsole(Cluster& cluster, Streams streams)
    : cluster_(cluster), random_(streams.stream("operator", 0, "node")) {}

void OperatorConsole::ask(message::AdminRequest request, OnEnd on_end) {
  request.request = ++last_request_;
  if (cluster_.has_begun()) {
    cluster_.observer().on_command(request.node, request.shard, describe(request));
  }
  Command command{std::make_shared<const message::AdminRequest>(std::move(request)),
                  std::move(on_end),
                  {},
                  Instant::never(),
                  cluster_.has_begun()};
  const Command& stored = open_.emplace(last_request_, std::move(command)).first->second;
  cluster_.note_command(stored.request);
  if (!has_to_wait(stored)) send(stored);
  ask_again_later(last_request_);
}

std::vector<OperatorConsole::Open> OperatorConsole::open_commands() const {
  std::vector<Open> commands;
  for (const auto& [number, command] : open_) {
    std::string stage = "was never answered";
    if (const Command* obstacle = find_obstacle(command)) {
      stage = fmt::format("waits until `{}` is over", describe(*obstacle->request));
    } else if (command.answered_at != Instant::never()) {
      stage = fmt::format("was last answered at {}: {}", command.answered_at, command.answer);
    }
    commands.push_back({command.request, std::move(stage)});
  }
  return commands;
}

NodeId OperatorConsole::target() {
  const NodeId coordinator = cluster_.metadata().holder(cluster_.now());
  if (coordinator.has_value()) return coordinator;
  return NodeId(static_cast<std::uint32_t>(random_.below(cluster_.machine_count())));
}

const OperatorConsole::Command* OperatorConsole::find_obstacle(const Command& command) const {
  for (const auto& [number, earlier] : open_) {
    if (number >= command.request->request) return nullptr;
    if (undo_each_other(*earlier.request, *command.request)) return &earlier;
  }
  return nullptr;
}

void OperatorConsole::send(const Command& command) {
  message::AdminCommand message{
      command.request, cluster_.metadata().term(), open_.begin()->first, {}};
  for (std::uint64_t number = message.settled; number <= last_request_; ++number) {
    if (open_.count(number) == 0) message.ended.push_back(number);
  }
  cluster_.send(Endpoint::operator_console(), Endpoint::node(target()), std::move(message));
}

void OperatorConsole::send_next(const message::AdminRequest& ended) {
  for (const auto& [number, command] : open_) {
    if (!undo_each_other(ended, *command.request)) continue;
    if (!has_to_wait(command)) send(command);
    return;
  }
}

void OperatorConsole::ask_again_later(std::uint64_t request) {
  WorldEvent event;
  event.kind = EventKind::Operator;
  event.from = event.to = Endpoint::operator_console();
  event.word = request;
  cluster_.schedule(cluster_.now() + kAskAgain, event);
}

void OperatorConsole::on_event(const WorldEvent& event) {
  const auto it = open_.find(event.word);
  if (it == open_.end()) return;
  if (!has_to_wait(it->second)) send(it->second);
  ask_again_later(event.word);
}

void OperatorConsole::on_message(Endpoint, Endpoint, Message& message) {
  const auto* reply = std::get_if<message::AdminReply>(&message);
  if (reply == nullptr) return;
  const bool over = reply->outcome == message::AdminOutcome::Done ||
                    reply->outcome == message::AdminOutcome::Refused;
  const auto it = open_.find(reply->request);
  if (it == open_.end()) return;
  if (!over) {
    it->second.answer = reply->text;
    it->second.answered_at = cluster_.scenario_time();
    return;
  }
  const Command command = std::move(it->second);
  open_.erase(it);
  if (command.is_counted) {
    const bool is_done = reply->outcome == message::AdminOutcome::Done;
    const message::AdminRequest& asked = *command.request;
    cluster_.observer().on_command_end(asked.node, asked.shard, describe(asked), is_done,
                                       reply->text);
  }
  send_next(*command.request);
  if (command.on_end) command.on_end(*reply);
}

}  // namespace shardproof::sim
