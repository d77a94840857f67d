// SPDX-License-Identifier: Apache-2.0
#include "sim/check/move_limits.hpp"

#include <algorithm>

#include "core/base/humanise.hpp"
#include "sim/check/open_windows.hpp"
#include "sim/check/shared_domains.hpp"

namespace shardproof::sim::check {

namespace {

/// Of limits, where zero means none.
std::uint32_t looser(std::uint32_t a, std::uint32_t b) {
  return a == 0 || b == 0 ? 0 : std::max(a, b);
}

/// Each copy in flight has an equal share, and as many are admitted under either at most: together
/// they never take more than the larger bandwidth.
Bandwidth looser(Bandwidth a, Bandwidth b) {
  if (a.is_unlimited() || b.is_unlimited()) return {};
  return a.bytes_per_second() < b.bytes_per_second() ? b : a;
}

}  // namespace

void loosen(distribution::MoveLimits& limits, const distribution::MoveLimits& other) {
  limits.moves_per_node = looser(limits.moves_per_node, other.moves_per_node);
  limits.moves_per_domain = looser(limits.moves_per_domain, other.moves_per_domain);
  limits.moves_cluster_wide = looser(limits.moves_cluster_wide, other.moves_cluster_wide);
  limits.bandwidth = looser(limits.bandwidth, other.bandwidth);
}

// --- What holds ---------------------------------------------------------------------------------

void MoveLimits::take(const ClusterSettings& settings, Revision revision) {
  if (settings.limits == oracle_.table().settings().limits) return;
  Former& former = formers_.emplace_back(Former{revision, oracle_.table().settings().limits, {}});
  for (const ShardInfo& shard : oracle_.table().shards()) {
    for (const NodeId node : shard.learners) former.copies.emplace_back(shard.id, node);
  }
}

void MoveLimits::follow_copies(const ShardInfo* before, const ShardInfo& after) {
  const Revision known =
      oracle_.knows(after.id) ? oracle_.shard(after.id).proposed_with : Revision();
  for (Former& former : formers_) {
    std::erase_if(former.copies, [&](const auto& copy) {
      return copy.first == after.id && !contains(after.learners, copy.second);
    });
    if (known >= former.ended) continue;
    for (const NodeId node : after.learners) {
      const bool is_new = before == nullptr || !contains(before->learners, node);
      if (is_new) former.copies.emplace_back(after.id, node);
    }
  }
}

distribution::MoveLimits MoveLimits::limits_known(
    ShardId shard, const distribution::MoveLimits& configured) const {
  distribution::MoveLimits limits = limits_in_force(configured, oracle_.table().settings().limits);
  const Revision known = oracle_.knows(shard) ? oracle_.shard(shard).proposed_with : Revision();
  for (const Former& former : formers_) {
    if (known < former.ended) loosen(limits, limits_in_force(configured, former.ordered));
  }
  return limits;
}

Bandwidth MoveLimits::bandwidth_now() const {
  // Each copy has a share of what the version that began it allows.
  const Bandwidth loosest = oracle_.config().limits.bandwidth;
  Bandwidth bandwidth = oracle_.table().settings().limits.bandwidth.value_or(loosest);
  for (const Former& former : formers_) {
    if (former.copies.empty()) continue;
    bandwidth = looser(bandwidth, former.ordered.bandwidth.value_or(loosest));
  }
  return bandwidth;
}

// --- Migrations ---------------------------------------------------------------------------------

void MoveLimits::on(const hook::Committing& commit, const At& at) {
  for (const Record& record : commit.delta.records) {
    const auto* settings = std::get_if<ClusterSettings>(&record);
    if (settings != nullptr) take(*settings, commit.delta.revision);
    const auto* after = std::get_if<ShardInfo>(&record);
    if (after == nullptr) continue;
    const ShardInfo* before = oracle_.table().find_shard(after->id);
    if (!formers_.empty()) follow_copies(before, *after);
    const bool had = before != nullptr && before->migration.has_value();
    if (had && is_counted(*before)) count(*before->migration, -1);
    if (!after->migration) continue;
    if (after->leader.is_none()) note_leaderless(*after);
    if (is_counted(*after)) count(*after->migration, 1);
    const bool is_new = !had || before->migration->id != after->migration->id;
    if (is_new) check(*after, commit, at);
  }
}

bool MoveLimits::is_counted(const ShardInfo& shard) const {
  const std::uint32_t index = shard.id.value();
  return index >= leaderless_.size() || leaderless_[index] != shard.migration->id;
}

void MoveLimits::note_leaderless(const ShardInfo& shard) {
  const std::uint32_t index = shard.id.value();
  if (index >= leaderless_.size()) leaderless_.resize(index + 1);
  leaderless_[index] = shard.migration->id;
}

void MoveLimits::count(const Migration& migration, int change) {
  const std::uint32_t last = std::max(migration.source.value(), migration.target.value());
  if (last >= by_node_.size()) by_node_.resize(last + 1);
  const auto delta = static_cast<std::uint32_t>(change);
  in_flight_ += delta;
  by_node_[migration.source.value()] += delta;
  by_node_[migration.target.value()] += delta;
}

std::uint32_t MoveLimits::in_domain_of(NodeId node, DomainLevel level) const {
  const NodeRecord* record = oracle_.table().find_node(node);
  if (record == nullptr) return 0;
  const auto same = [&](NodeId other) {
    const NodeRecord* known = oracle_.table().find_node(other);
    return known != nullptr && same_domain(known->domain, record->domain, level);
  };
  std::uint32_t sum = 0;
  for (const ShardInfo& shard : oracle_.table().shards()) {
    if (!shard.migration || !is_counted(shard)) continue;
    if (same(shard.migration->source) || same(shard.migration->target)) ++sum;
  }
  return sum;
}

void MoveLimits::check(const ShardInfo& shard, const hook::Committing& commit, const At& at) {
  evaluated();
  const NodeId author = commit.author;
  // Who admits a move counts all that are in flight, whoever began them.
  const distribution::MoveLimits limits =
      limits_known(shard.id, oracle_.version_of_office(author, commit.term).limits);
  const Migration& migration = *shard.migration;
  const Subject subject{shard.id, {author, migration.source, migration.target}, {shard.epoch}};
  check_window(shard, limits, subject, at);
  const auto complain = [&](std::uint32_t moves, std::uint32_t limit, const std::string& where) {
    if (limit == 0 || moves <= limit) return;
    report(
        at, subject,
        fmt::format("{} began migration {} of {} from {} to {}: {} in flight {}, the limit is {}",
                    author, migration.id, shard.id, migration.source, migration.target, moves,
                    where, limit));
  };
  complain(in_flight_, limits.moves_cluster_wide, "in the cluster");
  for (const NodeId node : {migration.source, migration.target}) {
    complain(by_node_[node.value()], limits.moves_per_node, fmt::format("at {}", node));
    if (limits.moves_per_domain == 0) continue;
    // The table does not have this one yet.
    complain(in_domain_of(node, limits.domain_level) + 1, limits.moves_per_domain,
             fmt::format("in the {} of {}", domain_name(static_cast<int>(limits.domain_level) + 1),
                         node));
  }
}

/// By the clock of whoever has begun it, at the time at which it was proposed.
void MoveLimits::check_window(const ShardInfo& shard, const distribution::MoveLimits& limits,
                              const Subject& subject, const At& at) {
  const Migration& migration = *shard.migration;
  const ShardFacts& facts = oracle_.shard(shard.id);
  if (migration.reason != MigrationReason::Balance || facts.proposed_at == Instant::never()) return;
  if (open_since(limits, facts.proposed_by_clock)) return;
  report(at, subject,
         fmt::format("{} began migration {} of {} for evenness at {} by its clock, outside the "
                     "windows in which such may begin",
                     subject.nodes.front(), migration.id, shard.id, facts.proposed_by_clock));
}

/// Hand-overs, too.
void MoveLimits::on(const fact::PlannedMoveTaken& taken, const At& at) {
  if (!taken.for_evenness || !taken.obstacle.empty()) return;
  evaluated();
  if (open_since(oracle_.version_of_office(at.node, taken.term).limits, at.local_time)) return;
  report(at, {taken.shard, {at.node}, {}},
         fmt::format("{} begins a {} of {} for evenness at {} by its clock, outside the windows in "
                     "which such may begin",
                     at.node, taken.moves_data ? "move" : "hand-over", taken.shard, at.local_time));
}

// --- Bandwidth --------------------------------------------------------------------------------

void MoveLimits::on(const fact::ChunkSent& chunk, const At& at) {
  if (chunk.again) return;
  Stream& stream = follow(chunk, at);
  if (chunk.migration.has_value()) check_share(chunk, stream, at);
  check_total(chunk, at);
}

MoveLimits::Stream& MoveLimits::follow(const fact::ChunkSent& chunk, const At& at) {
  if (chunk.shard.value() >= streams_.size()) streams_.resize(chunk.shard.value() + 1);
  Stream& stream = streams_[chunk.shard.value()];
  const Epoch epoch =
      chunk.migration.has_value() ? Epoch() : oracle_.table().shards()[chunk.shard.value()].epoch;
  const Route route{chunk.migration, epoch, at.node, chunk.target, at.incarnation};
  if (stream.route != route) {
    stream = Stream{};
    stream.route = route;
    stream.began = at.true_time;
  }
  stream.sent += chunk.bytes;
  stream.largest = std::max(stream.largest, chunk.bytes);
  return stream;
}

Nanoseconds MoveLimits::most_gained(Nanoseconds elapsed) const {
  const CheckConfig& config = oracle_.config();
  const std::int64_t leases = elapsed.count() / config.shortest.node_lease.count() + 1;
  return config.longest.clock_error_bound * leases;
}

void MoveLimits::check_share(const fact::ChunkSent& chunk, const Stream& stream, const At& at) {
  const auto& migration = oracle_.table().shards()[chunk.shard.value()].migration;
  if (!migration || migration->id != chunk.migration || migration->bandwidth.is_unlimited()) return;
  evaluated();
  const Nanoseconds needed = migration->bandwidth.time_for(stream.sent);
  const Nanoseconds elapsed = at.true_time - stream.began;
  const Nanoseconds allowed =
      elapsed + most_gained(elapsed) + migration->bandwidth.time_for(stream.largest);
  if (needed <= allowed) return;
  report(at, {chunk.shard, {at.node, chunk.target}, {}},
         fmt::format(
             "{} sent {} of {} to {} within {} for {}, more than its share of {} allows: that "
             "takes {}",
             at.node, human_bytes(stream.sent), chunk.shard, chunk.target, human_duration(elapsed),
             chunk.migration, human_bandwidth(migration->bandwidth), human_duration(needed)));
}

void MoveLimits::check_total(const fact::ChunkSent& chunk, const At& at) {
  const Bandwidth limit = bandwidth_now();
  if (limit.is_unlimited()) return;
  evaluated();
  if (at.true_time >= busy_until_ || limit != bandwidth_) {
    bandwidth_ = limit;
    busy_since_ = busy_until_ = at.true_time;
    largest_ = Bytes();
  }
  largest_ = std::max(largest_, chunk.bytes);
  busy_until_ = busy_until_ + limit.time_for(chunk.bytes);
  const Nanoseconds ahead = busy_until_ - at.true_time;
  // Each stream by its own clock has a share: together they gain no more than one alone.
  const Nanoseconds gained = most_gained(at.true_time - busy_since_);
  // As many pieces as there are shares may have been under way when it began, and another one each
  // since then, as a share is left by one copy and taken by another.
  const Bytes under_way = largest_ * (2 * oracle_.config().limits.bandwidth_shares);
  if (ahead <= limit.time_for(under_way) + gained) return;
  report(at, {chunk.shard, {at.node, chunk.target}, {}},
         fmt::format("{} sent {} of {} to {}, and all copying together is {} ahead of the {} that "
                     "the cluster allows",
                     at.node, human_bytes(chunk.bytes), chunk.shard, chunk.target,
                     human_duration(ahead), human_bandwidth(limit)));
}

}  // namespace shardproof::sim::check
