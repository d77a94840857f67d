// SPDX-License-Identifier: Apache-2.0
#include "sim/check/audit.hpp"

#include <algorithm>

#include "core/base/humanise.hpp"
#include "core/shard_key.hpp"
#include "sim/check/capacity.hpp"
#include "sim/check/data_backed_promotion.hpp"
#include "sim/check/key_names.hpp"
#include "sim/check/no_bypass.hpp"
#include "sim/check/no_lost_write.hpp"
#include "sim/check/no_resurrection.hpp"
#include "sim/check/no_stale_overwrite.hpp"
#include "sim/check/one_history.hpp"
#include "sim/check/plain_routing.hpp"
#include "sim/check/restart_equivalence.hpp"
#include "sim/check/routing_soundness.hpp"
#include "sim/check/table_agreement.hpp"
#include "sim/check/table_difference.hpp"
#include "sim/check/unfinished.hpp"
#include "sim/check/wording.hpp"

namespace shardproof::sim::check {
namespace {

std::string route_text(const CollectionConfig& collection, const Document& document) {
  const auto routed = plain_route(collection, document);
  return routed ? fmt::format("{}", *routed)
                : fmt::format("nowhere ({})", to_string(routed.error()));
}

/// How a node's table is not the committed one.
std::string difference_text(const ShardTable& table, NodeId node, const ShardTable& committed) {
  if (table.revision() != committed.revision()) {
    return fmt::format("the table of {}, not that of {}", table.revision(), committed.revision());
  }
  return fmt::format("another table of {} than was committed: {}", table.revision(),
                     table_difference(table, node, committed));
}

}  // namespace

void Audit::report(const InvariantInfo& invariant, ShardId shard, NodeId node, const At& at,
                   std::string detail) {
  Subject subject{shard, {node}, {}};
  const ShardInfo* info = shard.has_value() ? oracle_.table().find_shard(shard) : nullptr;
  if (info != nullptr) subject.epochs.push_back(info->epoch);
  findings_.report(invariant, at, std::move(subject), "audit: " + std::move(detail));
}

// --- Shards -----------------------------------------------------------------------------------

std::uint64_t Audit::audit_shard(const AuditView& view, ShardId shard, const At& at) {
  const ShardFacts& facts = oracle_.shard(shard);
  audit_log(view, shard, at);
  std::uint64_t work = 1;
  recognised_.clear();
  for (const HeldCopy& held : facts.copies) {
    if (held.destroyed || !view.is_up(held.node)) continue;
    const Store& store = view.store(held.node);
    if (!store.holds(shard)) {
      report(RestartEquivalence::kInvariant, shard, held.node, at,
             fmt::format("{} stated that it holds {} up to {}, and its store does not", held.node,
                         shard, held.durable));
      continue;
    }
    const Copy copy{shard, held.node, store, held.applied, held.node == facts.serving, false, view};
    audit_copy(copy, at);
    work += 1 + store.summary(shard).documents;
  }
  return work;
}

void Audit::audit_log(const AuditView& view, ShardId shard, const At& at) {
  const ShardFacts& facts = oracle_.shard(shard);
  if (facts.serving.is_none() || !view.is_up(facts.serving)) return;
  const auto sight = view.leader_sight(facts.serving, shard);
  const ShardInfo& info = oracle_.table().shards()[shard.value()];
  const ShardInfo* known = view.table(facts.serving).find_shard(shard);
  // By an older table it has other copies to think of.
  if (!sight || known == nullptr || known->epoch != info.epoch) return;
  audit_followers(*sight, shard, at);
  const LogIndex base = sight->log_base;
  if (shard.value() >= log_begins_.size()) log_begins_.resize(shard.value() + 1);
  LogBegin& begin = log_begins_[shard.value()];
  if (begin.leader != facts.serving || begin.serving_since != facts.serving_changed_at) {
    begin = {facts.serving, facts.serving_changed_at, base};
  }
  findings_.evaluated(kReplicationRestored.number);
  if (base <= begin.base) return;
  for (const NodeId node : info.replicas) {
    const HeldCopy* copy = facts.find(node);
    const bool is_there = copy != nullptr && !copy->destroyed && !copy->awaits_recovery;
    if (!is_there || copy->durable.index >= base) continue;
    report(
        kReplicationRestored, shard, node, at,
        fmt::format("{}, which leads {}, has forgotten its log up to {}, and {} is in sync and has "
                    "it up to {} only",
                    facts.serving, shard, base.value(), node, copy->durable));
  }
}

void Audit::audit_copy(const Copy& copy, const At& at) {
  findings_.evaluated(kCountTruth.number);
  const ShardFacts& facts = oracle_.shard(copy.shard);
  const Version applied = copy.store.state(copy.shard).applied;
  if (applied != copy.applied) {
    // A learner states that it has installed a copy when that is durable, not before.
    if (!contains(oracle_.table().shards()[copy.shard.value()].replicas, copy.node)) return;
    report(OneHistory::kInvariant, copy.shard, copy.node, at,
           fmt::format("{} has applied {} up to {}, and stated {}", copy.node, copy.shard, applied,
                       copy.applied) +
               begun_empty_text(*facts.find(copy.node), findings_));
    return;
  }
  audit_summary(copy, at);
  if (facts.excused) return;
  audit_documents(copy, at);
}

void Audit::audit_summary(const Copy& copy, const At& at) {
  const CopySummary summary = copy.store.summary(copy.shard);
  const ShardFacts& facts = oracle_.shard(copy.shard);
  if (copy.applied != facts.applied || facts.excused) return;
  if (summary.digest != facts.digest) {
    report(OneHistory::kInvariant, copy.shard, copy.node, at,
           fmt::format(
               "the copy of {} at {} as of {} has digest {:016x}, and what was applied adds up "
               "to {:016x}: {}",
               copy.shard, copy.node, copy.applied, summary.digest, facts.digest,
               odd_document_text(oracle_, copy.view, copy.shard, copy.node)) +
               begun_empty_text(*facts.find(copy.node), findings_));
  }
  const bool equal = summary.documents == facts.live && summary.tombstones == facts.tombstones &&
                     summary.bytes == facts.stored;
  if (equal) return;
  report(kCountTruth, copy.shard, copy.node, at,
         fmt::format(
             "{} reports {} documents, {} tombstones and {} for {} as of {}, where {}, {} and {} "
             "were written",
             copy.node, summary.documents, summary.tombstones, summary.bytes, copy.shard,
             copy.applied, facts.live, facts.tombstones, facts.stored));
}

void Audit::audit_documents(const Copy& copy, const At& at) {
  const std::vector<VersionedDocument> documents = copy.store.scan(copy.shard);
  const std::uint64_t counted = copy.store.summary(copy.shard).documents;
  if (documents.size() != counted) {
    report(kCountTruth, copy.shard, copy.node, at,
           fmt::format("{} counts {} documents in {}, and stores {}", copy.node, counted,
                       copy.shard, documents.size()));
  }
  recognise(copy, documents);
  const std::uint32_t mark = oracle_.keys().new_mark();
  for (std::size_t i = 0; i < documents.size(); ++i) {
    audit_document(copy, documents[i], recognised_[i], mark, at);
  }
  audit_missing(copy, mark, at);
}

/// Copies of a shard share their documents, which never change, and have them in about the same
/// order: each is hashed for one of them.
void Audit::recognise(const Copy& copy, const std::vector<VersionedDocument>& documents) {
  // How far apart the same document may stand in two copies.
  constexpr std::size_t kApart = 8;
  known_.swap(recognised_);
  recognised_.clear();
  unknown_.clear();
  std::size_t next = 0;
  for (const VersionedDocument& stored : documents) {
    const Document* document = stored.document.get();
    std::size_t at = next;
    const std::size_t end = std::min(next + kApart, known_.size());
    while (at < end && known_[at].document != document) ++at;
    if (at < end) {
      recognised_.push_back(known_[at]);
      next = at + 1;
    } else {
      unknown_.push_back(static_cast<std::uint32_t>(recognised_.size()));
      recognised_.push_back({document, KeyState::kNoKey, false});
    }
  }
  recognise_anew(copy);
}

void Audit::recognise_anew(const Copy& copy) {
  const CollectionConfig& collection = oracle_.collection_of(copy.shard);
  tags_.clear();
  for (const std::uint32_t i : unknown_) {
    Recognised& one = recognised_[i];
    const auto routed = plain_route(collection, *one.document);
    one.routes_here = routed && *routed == copy.shard;
    tags_.push_back(tag_of(copy.shard, one.document->key));
  }
  places_.resize(tags_.size());
  oracle_.keys().locate_all(tags_, places_);
  for (std::size_t i = 0; i < unknown_.size(); ++i) recognised_[unknown_[i]].index = places_[i];
}

void Audit::audit_document(const Copy& copy, const VersionedDocument& stored,
                           const Recognised& recognised, std::uint32_t mark, const At& at) {
  const std::string& name = stored.document->key;
  if (!recognised.routes_here) {
    report(RoutingSoundness::kInvariant, copy.shard, copy.node, at,
           fmt::format("\"{}\" as of {} is in {} at {}, and {} routes to {}", name, stored.version,
                       copy.shard, copy.node,
                       describe_shard_key(oracle_.collection_of(copy.shard), *stored.document),
                       route_text(oracle_.collection_of(copy.shard), *stored.document)));
  }
  if (recognised.index == KeyState::kNoKey) {
    report(NoBypass::kInvariant, copy.shard, copy.node, at,
           fmt::format("\"{}\" is in {} at {} with {}, and was never written", name, copy.shard,
                       copy.node, stored.version));
    return;
  }
  KeyState* const known = &oracle_.keys().at(recognised.index);
  known->mark = mark;
  if (stored.version > known->applied) {
    report(OneHistory::kInvariant, copy.shard, copy.node, at,
           fmt::format("\"{}\" in {} at {} has {}, and no more than {} was applied", name,
                       copy.shard, copy.node, stored.version, known->applied));
  } else if (stored.version < known->applied && known->applied <= copy.applied) {
    const InvariantInfo& invariant =
        known->tombstone ? NoResurrection::kInvariant : NoStaleOverwrite::kInvariant;
    report(
        invariant, copy.shard, copy.node, at,
        fmt::format("\"{}\" in {} at {} has {}, and {} at {} came after it, up to which ({}) the "
                    "copy is applied",
                    name, copy.shard, copy.node, stored.version,
                    known->tombstone ? "a delete" : "a write", known->applied, copy.applied));
  } else if (stored.version == known->applied) {
    const std::uint64_t digest =
        document_digest_hashed(known->tag.hash, stored.version, false, stored.document->content);
    if (digest != known->digest) {
      report(NoStaleOverwrite::kInvariant, copy.shard, copy.node, at,
             fmt::format("\"{}\" in {} at {} has the right version {} and another content", name,
                         copy.shard, copy.node, stored.version));
    }
  }
}

void Audit::audit_missing(const Copy& copy, std::uint32_t mark, const At& at) {
  const KeyLedger& keys = oracle_.keys();
  std::uint32_t index = oracle_.shard(copy.shard).first_key;
  std::uint64_t missing = 0;
  std::uint64_t hash = 0;
  Version newest;
  for (; index != KeyState::kNoKey; index = keys.at(index).next) {
    const KeyState& key = keys.at(index);
    if (key.mark == mark || key.tombstone || key.applied > copy.applied) continue;
    ++missing;
    if (key.applied < newest) continue;
    newest = key.applied;
    hash = key.tag.hash;
  }
  if (missing == 0) return;
  const std::string key = key_text(copy.view, copy.shard, hash);
  const std::string which = key.empty() ? "one that no store has" : key;
  const InvariantInfo& invariant =
      copy.is_promoted ? DataBackedPromotion::kInvariant : NoLostWrite::kInvariant;
  report(
      invariant, copy.shard, copy.node, at,
      fmt::format("{} live {} of {}, {} as of {}, {} not in the {} copy at {}, applied to {}",
                  missing, missing == 1 ? "document" : "documents", copy.shard,
                  missing == 1 ? which : "among them " + which, newest, missing == 1 ? "is" : "are",
                  copy.is_owner ? "owner's" : "replica's", copy.node, copy.applied));
}

// --- Nodes ------------------------------------------------------------------------------------

std::uint64_t Audit::audit_nodes(const AuditView& view, const At& at) {
  std::uint64_t work = 0;
  for (std::uint32_t i = 0; i < view.node_count(); ++i) {
    const NodeId node(i);
    findings_.evaluated(Capacity::kInvariant.number);
    const DiskUsage disk = view.disk(node);
    if (disk.capacity != Bytes(0) && disk.used > disk.capacity) {
      report(Capacity::kInvariant, ShardId::none(), node, at,
             fmt::format("the disk of {} holds {} of {}", node, human_bytes(disk.used),
                         human_bytes(disk.capacity)));
    }
    ++work;
    if (view.is_up(node)) audit_copies_of(view, node, at);
  }
  return work;
}

void Audit::audit_copies_of(const AuditView& view, NodeId node, const At& at) {
  for (const ShardId shard : view.store(node).copies()) {
    const bool known = oracle_.knows(shard);
    if (!known) {
      report(NoBypass::kInvariant, ShardId::none(), node, at,
             fmt::format("{} stores a copy of {}, which is in no table", node, shard));
      continue;
    }
    const HeldCopy* copy = oracle_.shard(shard).find(node);
    if (copy != nullptr && !copy->destroyed) continue;
    if (!contains(oracle_.table().shards()[shard.value()].replicas, node)) continue;
    report(NoBypass::kInvariant, shard, node, at,
           fmt::format("{} stores a copy of {} for which it counts as in sync, and has not stated "
                       "that it has one",
                       node, shard));
  }
}

// --- Settled ----------------------------------------------------------------------------------

void Audit::audit_settled(const AuditView& view, const At& at) {
  settle_tables(view, at);
  for (const ShardInfo& shard : view.committed().shards()) {
    if (shard.id.is_none()) continue;
    settle_copies(view, shard, at);
    if (is_beyond_help(view, shard)) continue;
    settle_count(view, shard, at);
    settle_contents(view, shard, at);
  }
  settle_leftovers(view, at);
  settle_keys(view, at);
}

void Audit::settle_tables(const AuditView& view, const At& at) {
  const ShardTable& committed = view.committed();
  for (std::uint32_t i = 0; i < view.node_count(); ++i) {
    const NodeId node(i);
    const NodeRecord* record = committed.find_node(node);
    const bool is_member = record != nullptr && record->state != NodeState::Removed;
    if (!view.is_up(node) || !is_member) continue;
    findings_.evaluated(TableAgreement::kInvariant.number);
    const ShardTable& table = view.table(node);
    if (table.revision() == committed.revision() && table.digest() == committed.digest()) continue;
    report(TableAgreement::kInvariant, ShardId::none(), node, at,
           fmt::format("settled, and {} has {}", node, difference_text(table, node, committed)));
  }
}

void Audit::settle_leftovers(const AuditView& view, const At& at) {
  for (std::uint32_t i = 0; i < view.node_count(); ++i) {
    const NodeId node(i);
    if (!view.is_up(node)) continue;
    for (const ShardId shard : view.store(node).copies()) {
      const ShardInfo* info = view.committed().find_shard(shard);
      if (info != nullptr && contains(info->replicas, node)) continue;
      if (info != nullptr && is_beyond_help(view, *info)) continue;
      // What is left of a copy is kept while there are too few of them.
      const bool is_short = info != nullptr &&
                            info->replicas.size() < oracle_.collection_of(shard).replication_factor;
      if (is_short) continue;
      report(kContainment, shard, node, at,
             fmt::format(
                 "settled, and {} still has a copy of {} up to {}, which it is not to hold: {}",
                 node, shard, view.store(node).state(shard).applied,
                 info == nullptr ? std::string("it is in no table")
                                 : fmt::format("at {} {}", info->epoch, copies_text(*info))));
    }
  }
}

/// Its disk was destroyed, or replaced before it began a copy that nobody has written to.
bool Audit::has_lost_copy(const ShardInfo& shard, NodeId node) const {
  const ShardFacts& facts = oracle_.shard(shard.id);
  const HeldCopy* copy = facts.find(node);
  if (copy != nullptr) return copy->destroyed;
  return facts.acknowledged == Version::zero() && oracle_.node(node).has_lost_data;
}

/// Whoever else has a copy may lack acknowledged writes, and nobody is left to know. A shard that
/// nobody has begun is lost, too, if nobody may begin it.
bool Audit::is_lost(const ShardInfo& shard) const {
  return shard.status == ShardStatus::Offline &&
         std::all_of(shard.replicas.begin(), shard.replicas.end(),
                     [&](NodeId node) { return has_lost_copy(shard, node); });
}

void Audit::settle_copies(const AuditView& view, const ShardInfo& shard, const At& at) {
  if (shard.status == ShardStatus::Retired || is_lost(shard)) return;
  findings_.evaluated(kContainment.number);
  const bool is_helpless = is_beyond_help(view, shard);
  for (const NodeId node : shard.replicas) {
    if (!view.is_up(node) || view.store(node).holds(shard.id)) continue;
    if (is_helpless && has_lost_copy(shard, node)) continue;
    report(kContainment, shard.id, node, at,
           fmt::format("settled, and {} has no copy of {}, which counts it as in sync at {} ({})",
                       node, shard.id, shard.epoch, copies_text(shard)));
  }
}

void Audit::settle_count(const AuditView& view, const ShardInfo& shard, const At& at) {
  if (shard.status == ShardStatus::Retired || is_lost(shard)) return;
  const std::uint32_t factor = oracle_.collection_of(shard.id).replication_factor;
  const bool is_surplus = shard.replicas.size() > factor;
  const std::size_t wanted = is_surplus ? factor : copies_owed(view, shard, factor);
  if (wanted == 0) return;
  report(kContainment, shard.id, shard.leader, at,
         fmt::format("settled, and {} has {} in-sync copies ({}) in place of {} at {}", shard.id,
                     shard.replicas.size(), names_text(shard.replicas), wanted, shard.epoch));
}

void Audit::settle_keys(const AuditView& view, const At& at) {
  struct Found {
    std::uint64_t hash;
    ShardId shard;
    std::uint64_t key;
  };
  std::vector<Found> found;
  for (const ShardInfo& shard : view.committed().shards()) {
    if (shard.id.is_none() || shard.leader.is_none() || !view.is_up(shard.leader)) continue;
    const Store& store = view.store(shard.leader);
    if (!store.holds(shard.id)) continue;
    const CollectionConfig& collection = oracle_.collection_of(shard.id);
    for (const VersionedDocument& stored : store.scan(shard.id)) {
      // With a shard key of its own, equal keys with other values of it are other documents.
      const std::uint64_t key = stable_hash(stored.document->key);
      std::uint64_t hash = combine64(key, collection.id.value());
      hash = combine64(hash, shard_key_hash(collection, *stored.document));
      found.push_back({hash, shard.id, key});
    }
  }
  findings_.evaluated(kUniqueKeys.number);
  std::sort(found.begin(), found.end(), [](const Found& a, const Found& b) {
    return a.hash != b.hash ? a.hash < b.hash : a.shard < b.shard;
  });
  for (std::size_t i = 1; i < found.size(); ++i) {
    if (found[i].hash != found[i - 1].hash) continue;
    report(kUniqueKeys, found[i].shard, NodeId::none(), at,
           fmt::format("settled, and {} is in both {} and {}",
                       key_text(view, found[i].shard, found[i].key), found[i - 1].shard,
                       found[i].shard));
  }
}

}  // namespace shardproof::sim::check
