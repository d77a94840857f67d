// SPDX-License-Identifier: Apache-2.0
#include "sim/check/progress.hpp"

#include <algorithm>

#include "core/base/contains.hpp"
#include "core/base/humanise.hpp"
#include "sim/check/recoverability.hpp"

namespace shardproof::sim::check {

Nanoseconds Progress::service_bound() const {
  const Timing& timing = oracle_.config().longest;
  // The core learns of a dead disk outside only when that node says no more.
  const Nanoseconds notice = oracle_.is_whole() ? Nanoseconds(0) : timing.disk_timeout;
  return notice + timing.migration_timeout + timing.node_lease * 4 + timing.coordinator_lease * 4;
}

Nanoseconds Progress::piece_bound() const {
  // A piece, or what confirms it, may be lost several times.
  const Nanoseconds again = oracle_.config().longest.chunk_timeout * 8 + seconds(2);
  return std::min(again, migration_bound());
}

Nanoseconds Progress::migration_bound() const {
  return service_bound() + oracle_.config().longest.migration_timeout;
}

void Progress::on(const hook::Committing& commit, const At& at) {
  for (const Record& record : commit.delta.records) {
    const auto* after = std::get_if<ShardInfo>(&record);
    if (after == nullptr) continue;
    if (!after->migration || after->migration->phase != MigrationPhase::Copy) {
      copying_since_.erase(after->id);
    } else {
      copying_since_.emplace(after->id, at.true_time);
    }
    std::erase_if(repairs_, [&](const auto& repair) {
      return repair.first.first == after->id && !contains(after->learners, repair.first.second);
    });
    const ShardInfo* before = oracle_.table().find_shard(after->id);
    if (before == nullptr || !before->migration || after->migration) continue;
    if (after->id.value() >= aborts_.size()) aborts_.resize(after->id.value() + 1);
    std::uint32_t& aborts = aborts_[after->id.value()];
    const bool aborted = before->migration->phase < MigrationPhase::Switch;
    const bool calm = oracle_.faults_active() == 0;
    // One that began before the last disturbance may have come to nothing by it.
    const bool is_undisturbed = calm && at.true_time - oracle_.calm_since() > migration_bound();
    aborts = aborted && is_undisturbed ? aborts + 1 : 0;
    if (aborts != kAbortsMax) continue;
    report(at, {after->id, {commit.author, before->migration->target}, {after->epoch}},
           fmt::format(
               "{} migrations of {} in a row were aborted although nothing is broken; the last "
               "was {} from {} to {} in {}",
               aborts, after->id, before->migration->id, before->migration->source,
               before->migration->target, to_string(before->migration->phase)));
  }
}

/// A copy of a learner that no migration is about.
void Progress::on(const fact::ChunkStaged& chunk, const At& at) {
  const ShardInfo& info = *oracle_.table().find_shard(chunk.shard);
  if (info.migration || !contains(info.learners, at.node)) return;
  RepairCopy& copy = repairs_[{chunk.shard, at.node}];
  const bool is_undisturbed = oracle_.is_whole() && copy.first_at > oracle_.calm_since() &&
                              copy.incarnation == at.incarnation;
  if (!is_undisturbed) copy = {at.true_time, at.incarnation, chunk.stream, 0};
  if (copy.stream == chunk.stream) return;
  copy.stream = chunk.stream;
  if (++copy.restarts != kRestartsMax) return;
  evaluated();
  report(at, {chunk.shard, {at.node, info.leader}, {info.epoch}},
         fmt::format("the copy of {} that {} is to have was begun {} times in {}, although nothing "
                     "is broken, and never came to its end",
                     chunk.shard, at.node, copy.restarts + 1,
                     human_duration(at.true_time - copy.first_at)));
}

void Progress::on(const hook::Ticked& tick, const At& at) {
  if (oracle_.faults_active() != 0) return;
  const bool is_core = !oracle_.is_whole();
  for (const ShardInfo& info : oracle_.table().shards()) {
    if (info.id.is_none()) continue;
    const bool is_lost = is_beyond_help(tick.view, info);
    if (is_lost && is_core) continue;
    evaluated();
    if (info.migration && !is_lost) check_migration(tick.view, info, at);
    const NodeId serving = oracle_.shard(info.id).serving;
    if (serving.is_none() || oracle_.is_broken_for_good(serving)) {
      check_service(tick.view, info, at);
    }
  }
}

/// Whoever has restarted since the phase began may know nothing of the stream.
bool Progress::is_streamed(const ShardInfo& info) const {
  const Instant began = copying_since_.at(info.id);
  const auto was_up = [&](NodeId node) {
    return oracle_.node(node).up && oracle_.node(node).up_since < began;
  };
  return oracle_.is_whole() && was_up(info.migration->source) && was_up(info.migration->target);
}

void Progress::check_migration(const AuditView& view, const ShardInfo& info, const At& at) {
  const Instant since = std::max(oracle_.shard(info.id).progress_at, oracle_.calm_since());
  // With little bandwidth a piece of a copy may be long on its way.
  const bool is_copying = info.migration->phase == MigrationPhase::Copy;
  const Bytes content = oracle_.most_to_copy(info.id);
  const Nanoseconds paced =
      is_copying ? info.migration->bandwidth.time_for(content) : Nanoseconds(0);
  const Nanoseconds bound = is_copying && is_streamed(info) ? piece_bound() : migration_bound();
  if (at.true_time - since <= bound + paced) return;
  report(at, {info.id, {info.migration->source, info.migration->target}, {info.epoch}},
         fmt::format("migration {} of {} from {} to {} has stood still in {} for {} (the bound is "
                     "{}){}{}",
                     info.migration->id, info.id, info.migration->source, info.migration->target,
                     to_string(info.migration->phase), human_duration(at.true_time - since),
                     human_duration(bound + paced), outdated_text(info), waits_for(view, info)));
}

void Progress::check_service(const AuditView& view, const ShardInfo& info, const At& at) {
  const ShardFacts& shard = oracle_.shard(info.id);
  const Instant since = std::max(shard.serving_changed_at, oracle_.calm_since());
  if (at.true_time - since <= service_bound() || shard.excused) return;
  for (const NodeId node : info.replicas) {
    const NodeFacts& facts = oracle_.node(node);
    const bool has_copy =
        facts.up && !oracle_.is_broken_for_good(node) && shard.holds(node, shard.acknowledged);
    const bool long_up = at.true_time - facts.up_since > service_bound();
    if (!has_copy || !long_up) continue;
    report(
        at, {info.id, {node, info.leader}, {info.epoch}},
        fmt::format("nobody has served {} for {} (the bound is {}), although {} is up and in sync; "
                    "the shard is {}, {}{}{}",
                    info.id, human_duration(at.true_time - since), human_duration(service_bound()),
                    node, to_string(info.status), leader_text(info.leader, at), outdated_text(info),
                    waits_for(view, info)));
    return;
  }
}

std::string Progress::leader_text(NodeId leader, const At& at) const {
  if (leader.is_none()) return "led by nobody";
  const NodeFacts& facts = oracle_.node(leader);
  if (!facts.up) return fmt::format("led by {}, which is down", leader);
  const Nanoseconds without = at.true_time - facts.leased_until;
  return without > Nanoseconds(0)
             ? fmt::format("led by {}, which is up, and without a lease for {}", leader,
                           human_duration(without))
             : fmt::format("led by {}, which is up and has a lease", leader);
}

std::string Progress::outdated_text(const ShardInfo& info) const {
  const Revision changed = oracle_.table().modified({RecordKind::Shard, info.id.value()});
  NodeList parties = info.replicas;
  parties.insert(parties.end(), info.learners.begin(), info.learners.end());
  std::string text;
  for (const NodeId node : parties) {
    const NodeFacts& facts = oracle_.node(node);
    if (!facts.up || facts.adopted >= changed) continue;
    text += fmt::format("{}{} ({})", text.empty() ? "" : ", ", node, facts.adopted);
  }
  if (text.empty()) return text;
  return fmt::format("; its last change is of {}, of which not everybody knows: {}", changed, text);
}

std::string Progress::waits_for(const AuditView& view, const ShardInfo& info) {
  std::vector<PendingItem> items{{info.id, info.leader, "", "", {}}};
  add_waits(view, items);
  const std::string waits = waits_text(items.front());
  return waits.empty() ? "; nobody says that it waits for it" : "; " + waits;
}

void Progress::on(const hook::Settled& world, const At& at) {
  for (const ShardInfo& info : oracle_.table().shards()) {
    if (info.id.is_none() || info.status == ShardStatus::Retired) continue;
    evaluated();
    if (is_served(world.view, info)) continue;
    const ShardFacts& shard = oracle_.shard(info.id);
    const bool has_all = std::any_of(info.replicas.begin(), info.replicas.end(), [&](NodeId node) {
      return world.view.is_up(node) && shard.holds(node, shard.acknowledged);
    });
    const Recoverability judged = recoverability(world.view, info);
    if (!has_all || !judged.is_possible) continue;
    report(at, {info.id, {info.leader}, {info.epoch}},
           fmt::format("settled, and nobody serves {} (leader {}, {}), although {}{}", info.id,
                       human_node(info.leader), to_string(info.status), judged.reason,
                       waits_for(world.view, info)));
  }
}

void Progress::on(const hook::Rested& rest, const At& at) {
  evaluated();
  if (rest.events <= rest.events_max) return;
  const std::string most =
      rest.most_sent.empty() ? "no message was sent" : "sent most often: " + rest.most_sent;
  report(at, {},
         fmt::format("nothing is left to do for {}, and yet {} events were delivered, where a "
                     "world at rest has at most {}: somebody spins; {}",
                     human_duration(rest.span), human_count(rest.events),
                     human_count(rest.events_max), most));
}

void Progress::on(const hook::Unsettled& world, const At& at) {
  evaluated();
  const PendingItem& first = world.unfinished.front();
  Subject subject{first.shard, {}, {}};
  if (first.node.has_value()) subject.nodes.push_back(first.node);
  report(at, subject,
         fmt::format(
             "the cluster did not come to rest within {} after the end of all faults; pending: {}",
             human_duration(world.limit), list_text(world.unfinished)));
}

}  // namespace shardproof::sim::check
