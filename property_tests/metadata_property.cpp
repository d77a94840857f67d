// SPDX-License-Identifier: Apache-2.0
//
// The metadata store against a plain map with a lock, under random commands of a few nodes, with
// repeated messages and lost answers; and readers that miss updates against the committed table.

#include <algorithm>
#include <array>
#include <map>
#include <optional>
#include <ostream>
#include <tuple>
#include <vector>

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "sim/metadata_service.hpp"

namespace shardproof::sim {
namespace {

constexpr std::uint32_t kNodes = 3;
constexpr std::uint32_t kShards = 4;
constexpr Nanoseconds kLease = seconds(1);

enum class Step : std::uint8_t { Campaign, Commit, Repeat, Range, Wait, Expire, Tell };

struct Command {
  Step step = Step::Campaign;
  std::uint32_t node = 0;
  std::uint32_t shard = 0;
  /// 0: the guard or term is wrong; otherwise right.
  std::uint32_t luck = 0;
};

std::ostream& operator<<(std::ostream& out, const Command& command) {
  static constexpr std::array kNames{"campaign", "commit", "repeat", "range",
                                     "wait",     "expire", "tell"};
  return out << kNames.at(static_cast<std::size_t>(command.step)) << " n" << command.node << " s"
             << command.shard << " luck " << command.luck;
}

rc::Gen<Command> arbitrary_command() {
  const auto step = rc::gen::weightedElement<Step>({{3, Step::Campaign},
                                                    {8, Step::Commit},
                                                    {2, Step::Repeat},
                                                    {2, Step::Range},
                                                    {2, Step::Wait},
                                                    {1, Step::Expire},
                                                    {1, Step::Tell}});
  return rc::gen::map(rc::gen::tuple(step, rc::gen::inRange<std::uint32_t>(0, kNodes),
                                     rc::gen::inRange<std::uint32_t>(0, kShards),
                                     rc::gen::inRange<std::uint32_t>(0, 6)),
                      [](const auto& parts) {
                        return Command{std::get<0>(parts), std::get<1>(parts), std::get<2>(parts),
                                       std::get<3>(parts)};
                      });
}

/// The store as one would write it down: values with the revision of their last change, and a lock.
struct Model {
  struct Value {
    std::uint64_t epoch = 0;
    std::uint64_t modified = 0;
  };
  std::uint64_t revision = 1;
  std::map<std::uint32_t, Value> shards;
  std::uint64_t term = 0;
  std::uint32_t holder = 0;
  Instant lease_end;
  Instant granted_ask;
  Instant locked_until;

  bool is_held(Instant now) const { return now < lease_end; }

  bool campaign(Instant now, std::uint32_t node, Term named, Instant asked_at) {
    if (is_held(now) ? holder != node : now < locked_until) return false;
    const bool asks_anew = named == Term() && asked_at != granted_ask;
    if (!is_held(now) || asks_anew) {
      ++term;
      ++revision;
      holder = node;
      granted_ask = asked_at;
    }
    lease_end = now + kLease;
    return true;
  }

  void expire(Instant now, std::uint32_t node) {
    if (!is_held(now) || holder != node) return;
    locked_until = lease_end;
    lease_end = now;
  }

  message::CommitOutcome commit(Instant now, std::uint32_t node, const message::Commit& request) {
    if (!is_held(now) || holder != node || request.term != Term(term)) {
      return message::CommitOutcome::Deposed;
    }
    for (const message::Guard& guard : request.guards) {
      if (Revision(shards[guard.key.id].modified) != guard.modified) {
        return message::CommitOutcome::GuardFailed;
      }
    }
    ++revision;
    for (const Record& record : request.records) {
      const auto& shard = std::get<ShardInfo>(record);
      shards[shard.id.value()] = {shard.epoch.value(), revision};
    }
    return message::CommitOutcome::Committed;
  }
};

/// A node that keeps a table from what it is told, and asks again when it sees a gap.
struct Reader {
  ShardTable table;
  bool has_gap = true;

  void on_update(const message::TableUpdate& update) {
    if (has_gap || update.previous > table.revision()) {
      has_gap = true;
      return;
    }
    if (update.earlier != nullptr) take(*update.earlier);
    take({update.delta});
  }
  void on_range(const message::RangeReply& reply) {
    take(reply.deltas);
    has_gap = false;
  }
  void take(const std::vector<TableDeltaRef>& deltas) {
    for (const TableDeltaRef& delta : deltas) {
      if (delta->revision > table.revision()) table.apply(*delta);
    }
  }
};

/// What was sent, to be sent again.
struct Sent {
  std::uint32_t node = 0;
  message::Commit request;
  std::optional<Revision> committed;
};

class Machine {
 public:
  explicit Machine(const MetadataSpec& spec, std::uint64_t seed)
      : service_(spec, Streams(seed)), losses_(seed) {
    ClusterSettings settings;
    service_.seed({settings});
  }

  void run(const Command& command) {
    switch (command.step) {
      case Step::Campaign: return campaign(command);
      case Step::Commit: return commit(command);
      case Step::Repeat: return repeat(command);
      case Step::Range: return range(command.node);
      case Step::Wait: now_ = now_ + kLease / 3; return;
      case Step::Expire:
        model_.expire(now_, command.node);
        service_.expire_session(now_, NodeId(command.node));
        return;
      case Step::Tell: return tell();
    }
  }

  void compare() {
    const ShardTable& table = service_.committed();
    RC_ASSERT(table.revision() == Revision(model_.revision));
    for (const auto& [id, value] : model_.shards) {
      const ShardInfo* shard = table.find_shard(ShardId(id));
      RC_ASSERT((shard == nullptr ? 0 : shard->epoch.value()) == value.epoch);
      RC_ASSERT(table.modified({RecordKind::Shard, id}) == Revision(value.modified));
    }
    for (const Reader& reader : readers_) {
      if (reader.table.revision() == table.revision()) {
        RC_ASSERT(reader.table.digest() == table.digest());
      }
    }
  }

  /// Once nothing is lost any more, everyone who asks has the committed table.
  void settle() {
    MetadataAction calm;
    calm.lost_answers = Ratio(0, 1);
    service_.add(calm);
    for (std::uint32_t node = 0; node < kNodes; ++node) {
      range(node);
      RC_ASSERT(readers_[node].table.digest() == service_.committed().digest());
      RC_ASSERT(readers_[node].table.revision() == service_.committed().revision());
    }
  }

 private:
  /// The answer to the sender, if it was not lost; updates go to the readers, or get lost.
  template <typename Reply>
  std::optional<Reply> send(std::uint32_t node, Message message) {
    answers_.clear();
    service_.handle(now_, Endpoint::node(NodeId(node)), message, answers_);
    is_telling_due_ = service_.take_telling_due().has_value() || is_telling_due_;
    std::optional<Reply> reply;
    for (const MetadataService::Answer& answer : answers_) {
      const std::uint32_t to = answer.to.as_node().value();
      if (const auto* update = std::get_if<message::TableUpdate>(&answer.message)) {
        if (losses_.chance(Ratio(3, 4))) readers_[to].on_update(*update);
      } else {
        RC_ASSERT(to == node);
        reply = std::get<Reply>(answer.message);
      }
    }
    return reply;
  }

  /// Watchers are told of what has gathered, of the commits in between too or not at all.
  void tell() {
    if (!is_telling_due_) return;
    is_telling_due_ = false;
    answers_.clear();
    service_.tell_watchers(answers_);
    for (const MetadataService::Answer& answer : answers_) {
      const auto& update = std::get<message::TableUpdate>(answer.message);
      if (losses_.chance(Ratio(3, 4))) readers_[answer.to.as_node().value()].on_update(update);
    }
  }

  void campaign(const Command& command) {
    const Term term(command.luck <= 1 ? 0 : model_.term);
    // Some asks are copies of the one that was granted.
    const Instant asked_at = command.luck == 1 ? model_.granted_ask : now_;
    const bool granted = model_.campaign(now_, command.node, term, asked_at);
    const auto reply =
        send<message::CampaignReply>(command.node, message::Campaign{term, kLease, asked_at});
    if (!reply) return;
    RC_ASSERT(reply->granted == granted);
    RC_ASSERT(reply->term == Term(model_.term));
    const bool is_vacant = !model_.is_held(now_);
    RC_ASSERT(reply->holder == (is_vacant ? NodeId::none() : NodeId(model_.holder)));
  }

  void commit(const Command& command) {
    const std::uint64_t modified = model_.shards[command.shard].modified;
    ShardInfo shard;
    shard.id = ShardId(command.shard);
    shard.epoch = Epoch(next_request_);
    message::Commit request;
    request.request = next_request_++;
    request.term = Term(command.luck == 1 ? model_.term + 1 : model_.term);
    request.guards.push_back({{RecordKind::Shard, command.shard},
                              Revision(command.luck == 0 ? modified + 1 : modified)});
    request.records.push_back(shard);
    const std::uint32_t node = command.luck < 4 ? model_.holder : command.node;
    sent_.push_back({node, request, std::nullopt});
    deliver(sent_.back());
  }

  void repeat(const Command& command) {
    if (sent_.empty()) return;
    const std::size_t back = std::min<std::size_t>(sent_.size(), 1 + command.shard);
    deliver(sent_[sent_.size() - back]);
  }

  void deliver(Sent& sent) {
    message::CommitOutcome expected = message::CommitOutcome::Committed;
    if (!sent.committed) {
      expected = model_.commit(now_, sent.node, sent.request);
      if (expected == message::CommitOutcome::Committed) sent.committed = Revision(model_.revision);
    }
    const auto reply = send<message::CommitReply>(sent.node, sent.request);
    if (!reply) return;
    RC_ASSERT(reply->outcome == expected);
    RC_ASSERT(reply->request == sent.request.request);
    if (sent.committed) RC_ASSERT(reply->revision == *sent.committed);
  }

  void range(std::uint32_t node) {
    const auto reply =
        send<message::RangeReply>(node, message::RangeRequest{1, readers_[node].table.revision()});
    if (!reply) return;
    RC_ASSERT(reply->revision == Revision(model_.revision));
    readers_[node].on_range(*reply);
    RC_ASSERT(readers_[node].table.revision() == reply->revision);
  }

  MetadataService service_;
  Random losses_;
  Model model_;
  std::array<Reader, kNodes> readers_;
  std::vector<Sent> sent_;
  std::vector<MetadataService::Answer> answers_;
  Instant now_;
  std::uint64_t next_request_ = 1;
  bool is_telling_due_ = false;
};

RC_GTEST_PROP(MetadataProperty, TheStoreIsAMapWithALock, ()) {
  MetadataSpec spec;
  spec.lost_answers = Ratio(*rc::gen::inRange<std::uint64_t>(0, 3), 4);
  if (*rc::gen::arbitrary<bool>()) spec.coalesce = milliseconds(100);
  Machine machine(spec, *rc::gen::arbitrary<std::uint64_t>());
  const auto commands =
      *rc::gen::scale(3, rc::gen::container<std::vector<Command>>(arbitrary_command()));
  for (const Command& command : commands) {
    machine.run(command);
    machine.compare();
  }
  machine.settle();
}

}  // namespace
}  // namespace shardproof::sim
