// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <type_traits>

#include <fmt/ranges.h>

#include "sim/scenario/action_effect.hpp"
#include "sim/scenario/action_fields.hpp"
#include "sim/scenario/read_tables.hpp"
#include "sim/scenario/suggest.hpp"

namespace shardproof::sim {
namespace {

std::vector<std::string_view> action_names() {
  std::vector<std::string_view> names;
  for_each_action([&](std::string_view name, const auto&, Ending) { names.push_back(name); });
  return names;
}

/// Whether the action is one on nodes, that may be named by their domain.
bool has_node(std::string_view name) {
  bool result = false;
  for_each_action([&](std::string_view candidate, const auto& action, Ending) {
    if constexpr (requires { action.node; }) result = result || candidate == name;
  });
  return result;
}

/// A misspelt short form is reported, and written as it was probably meant: it would be taken for a
/// lack of what it stands for.
void correct_short_forms(SourceNode& action, std::string_view name, Diagnostics& diagnostics) {
  std::vector<std::string_view> forms{"zone", "rack", "region"};
  if (name == "partition") forms = {"isolate"};
  if (name == "clog") forms = {"node"};
  if (name == "drop" || name == "delay") forms = {};
  for (SourceMember& member : action.members) {
    const std::string meant = nearest(member.key, forms);
    if (meant.empty() || meant == member.key || action.find(meant) != nullptr) continue;
    diagnostics.error(member.key_at, fmt::format("unknown key \"{}\" in \"{}\"", member.key, name),
                      fmt::format("did you mean \"{}\"?", meant));
    member.key = meant;
  }
}

/// The table of an action with its short forms written out: `zone = "a"` as `node = { zone = "a"
/// }`, `isolate = X` as `from = X, to = "others"`, the `node = X` of a clog as `from = X`.
SourceNode written_out(const SourceNode& action, std::string_view name, Diagnostics& diagnostics) {
  SourceNode result = action;
  correct_short_forms(result, name, diagnostics);
  for (SourceMember& member : result.members) {
    const bool is_domain = member.key == "zone" || member.key == "rack" || member.key == "region";
    if (is_domain && has_node(name) && action.find("node") == nullptr) {
      SourceNode selector;
      selector.at = member.value.at;
      selector.members.push_back(member);
      member.key = "node";
      member.value = std::move(selector);
    }
  }
  const bool alone = action.find("from") == nullptr && action.find("to") == nullptr;
  if (name == "clog" && action.find("from") == nullptr) {
    for (SourceMember& member : result.members) {
      if (member.key == "node") member.key = "from";
    }
  }
  const auto isolate = std::find_if(result.members.begin(), result.members.end(),
                                    [](const SourceMember& m) { return m.key == "isolate"; });
  if (name == "partition" && isolate != result.members.end() && alone) {
    isolate->key = "from";
    SourceNode others;
    others.kind = SourceNode::Kind::kString;
    others.at = isolate->value.at;
    others.text = "others";
    result.members.push_back({"to", isolate->key_at, others});
  }
  return result;
}

void require_one_subject(const TableReader& table, const StatusAction& status) {
  if (status.of != StatusAction::Of::kShard) {
    if (!status.collection && !status.shard) return;
    table.diagnostics().error(table.key_position(status.shard ? "shard" : "collection"),
                              "only the status of a shard has this", "write of = \"shard\"");
  } else if (!status.collection || !status.shard) {
    table.diagnostics().error(table.at(), "does not say of which shard",
                              "set \"collection\" and \"shard\"");
  }
}

void require_effect(const TableReader& table, const Action& action) {
  if (const auto idle = idle_text(action)) {
    table.diagnostics().error(table.at(), idle->message, idle->suggestion);
  } else if (const auto* status = std::get_if<StatusAction>(&action)) {
    require_one_subject(table, *status);
  }
}

/// Whether a key is neither an action (all of which have been asked for) nor about an event's time;
/// then it is probably a misspelt action, and is reported as such.
bool has_unknown_key(const TableReader& table) {
  return table.has_key_besides(
      {"time", "condition", "message", "after", "times", "lasts", "until", "restart_after"});
}

/// Reads the one action of an event. Nothing if there is none or more than one.
std::optional<Ending> read_action(TableReader& table, EventSpec& event, ReadContext& context) {
  std::optional<Ending> result;
  int actions = 0;
  for_each_action([&](std::string_view name, auto action, Ending ending) {
    const SourceNode* node = table.take(name);
    if (node == nullptr) return;
    if (++actions > 1) {
      table.diagnostics().error(table.key_position(name), "a second action in one event",
                                "write another [[at]] or [[when]]");
      return;
    }
    if constexpr (std::is_same_v<decltype(action), JoinAction>) {
      action.capacity = context.spec.cluster.capacity;
    }
    const std::size_t errors_before = table.diagnostics().errors();
    const SourceNode full = written_out(*node, name, table.diagnostics());
    TableReader inner(full, table.key_position(name), std::string(name), table.diagnostics());
    if (!inner.is_table()) return;
    if (name == "partition" && full.find("from") == nullptr && full.find("to") == nullptr) {
      table.diagnostics().error(inner.at(), "does not say who is cut off from whom",
                                "set \"isolate\", or \"from\" and \"to\"");
      return;
    }
    fields(inner, action, context.names);
    inner.finish();
    event.action = std::move(action);
    if (table.diagnostics().errors() == errors_before) require_effect(inner, event.action);
    result = ending;
  });
  if (actions == 0 && !has_unknown_key(table)) {
    const std::vector<std::string_view> known = action_names();
    table.diagnostics().error(table.at(), "the event does nothing",
                              fmt::format("add one of {}", fmt::join(known, ", ")));
  }
  return result;
}

/// Where the key that says how long an effect lasts stands, if there is one.
struct EndKey {
  std::string_view key;
  int count = 0;
};

EndKey read_end(TableReader& table, EventSpec& event, bool is_when) {
  EndKey found;
  const auto look = [&](std::string_view key) {
    if (table.take(key) == nullptr) return false;
    found.key = key;
    return ++found.count == 1;
  };
  if (look("lasts")) table.optional("lasts", event.lasts, kPositiveDuration);
  if (look("restart_after")) table.optional("restart_after", event.lasts, kPositiveDuration);
  if (is_when || !look("until")) return found;
  std::optional<Nanoseconds> until;
  table.optional("until", until, kPositiveDuration);
  if (!until || !event.time) return found;
  if (*until <= *event.time) {
    table.diagnostics().error(table.take("until")->at, "ends before it begins");
  } else {
    event.lasts = *until - *event.time;
  }
  return found;
}

void check_end(TableReader& table, const EventSpec& event, const EndKey& end, Ending ending,
               bool is_when) {
  Diagnostics& diagnostics = table.diagnostics();
  const std::string_view name = action_name(event.action);
  if (end.count > 1) {
    diagnostics.error(table.key_position(end.key), "a second end of the event",
                      "write one of lasts, until, restart_after");
  } else if (end.count == 1 && ending == Ending::kNone) {
    diagnostics.error(table.key_position(end.key),
                      fmt::format("\"{}\" does not end by itself", name));
  } else if (end.count == 0 && ending == Ending::kRequired) {
    const std::vector<std::string_view> ends{"lasts", is_when ? "lasts" : "until"};
    if (table.is_misspelt(ends)) return;
    diagnostics.error(table.at(), fmt::format("\"{}\" needs an end", name), "add lasts = \"10s\"");
  } else if (end.key == "restart_after" && name != "crash" && name != "lose_disk" &&
             name != "swap_disks") {
    diagnostics.error(table.key_position(end.key),
                      "only a crash and the loss or swap of a disk are followed by a restart",
                      "write \"lasts\"");
  }
}

struct ConditionCodec {
  using Value = Condition;
  bool read(const SourceNode& node, Condition& condition, Diagnostics& diagnostics) const {
    std::string text;
    if (!Text{false}.read(node, text, diagnostics)) return false;
    const auto parsed = parse_condition(text);
    if (!parsed) {
      diagnostics.error(position_in(node, parsed.error().offset, diagnostics),
                        parsed.error().message, parsed.error().suggestion);
      return false;
    }
    condition = *parsed;
    return true;
  }
};

/// False if there is none.
bool read_message(TableReader& table, EventSpec& event, const Names& names) {
  const SourceNode* node = table.take("message");
  if (node == nullptr) return false;
  MessageTrigger message;
  TableReader inner(*node, table.key_position("message"), "message", table.diagnostics());
  if (!inner.is_table()) return true;
  fields(inner, message, names);
  inner.finish();
  if (message.collection.has_value() != message.shard.has_value()) {
    table.diagnostics().error(node->at, "does not say of which shard",
                              "set \"collection\" and \"shard\", or neither");
  }
  event.message = std::move(message);
  return true;
}

void read_condition(TableReader& table, EventSpec& event, Nanoseconds duration,
                    const Names& names) {
  Condition condition;
  if (!read_message(table, event, names)) {
    table.required("condition", condition, ConditionCodec{});
  } else if (const SourceNode* written = table.take("condition")) {
    ConditionCodec{}.read(*written, condition, table.diagnostics());
  }
  const SourceNode* node = table.take("condition");
  if (node != nullptr && !condition.steps.empty() && !can_hold(condition, duration)) {
    table.diagnostics().error(node->at, "the condition can never hold in this run");
  }
  event.condition = std::move(condition);
  table.field("after", event.armed_after, kDuration);
  table.field("times", event.times, Whole<std::uint32_t>{1, 1'000'000});
  if (event.armed_after >= duration) {
    table.diagnostics().error(table.key_position("after"), "armed only after the run's end");
  }
}

void read_time(TableReader& table, EventSpec& event, Nanoseconds duration) {
  Nanoseconds time;
  table.required("time", time, kDuration);
  event.time = time;
  if (time < duration) return;
  table.diagnostics().error(
      table.key_position("time"),
      fmt::format("the event is at {}, but the run ends at {}", to_text(time), to_text(duration)));
}

}  // namespace

void read_event(TableReader& table, EventSpec& event, bool is_when, ReadContext& context) {
  if (is_when) {
    read_condition(table, event, context.spec.duration, context.names);
  } else {
    read_time(table, event, context.spec.duration);
  }
  const auto ending = read_action(table, event, context);
  const EndKey end = read_end(table, event, is_when);
  if (ending) check_end(table, event, end, *ending, is_when);
}

}  // namespace shardproof::sim
