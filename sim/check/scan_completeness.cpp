// SPDX-License-Identifier: Apache-2.0
#include "sim/check/scan_completeness.hpp"

#include <algorithm>
#include <iterator>

namespace shardproof::sim::check {

void ScanCompleteness::on(const fact::ScanPartServed& served, const At& at) {
  evaluated();
  const ShardFacts& shard = oracle_.shard(served.shard);
  if (shard.excused) return;
  const HeldCopy* copy = shard.find(at.node);
  const bool is_current = copy != nullptr && copy->applied == shard.applied;
  if (is_current && served.part->count != shard.live) {
    report(at, {served.shard, {at.node}, {served.epoch}},
           fmt::format("{} counts {} documents in {} at {} as of {}, and {} live there", at.node,
                       served.part->count, served.shard, served.epoch, copy->applied, shard.live));
  }
  if (!served.part->documents.empty()) check_documents(served, at);
}

void ScanCompleteness::check_documents(const fact::ScanPartServed& served, const At& at) {
  const ScanPart& part = *served.part;
  if (part.documents.size() != part.count) {
    report(at, {served.shard, {at.node}, {served.epoch}},
           fmt::format("{} returned {} documents of {} at {} in a part of a scan and counts {}",
                       at.node, part.documents.size(), served.shard, served.epoch, part.count));
  }
  KeyLedger& keys = oracle_.keys();
  const std::uint32_t mark = keys.new_mark();
  const std::vector<std::uint32_t>& places = oracle_.places_of(served);
  for (std::size_t i = 0; i < part.documents.size(); ++i) {
    const VersionedDocument& found = part.documents[i];
    KeyState* known = places[i] == KeyState::kNoKey ? nullptr : &keys.at(places[i]);
    std::string fault;
    if (known == nullptr) {
      fault = "it was never written there";
    } else if (known->mark == mark) {
      fault = "it is there twice";
    } else if (found.version < known->observed && !known->tombstone) {
      fault = fmt::format("{} of it was acknowledged or read before", known->observed);
    }
    if (known != nullptr) known->mark = mark;
    if (fault.empty()) continue;
    report(at, {served.shard, {at.node}, {served.epoch}},
           fmt::format("{} returned \"{}\" as of {} in its part {} at {} of a scan: {}", at.node,
                       found.document->key, found.version, served.shard, served.epoch, fault));
  }
}

void ScanCompleteness::on(const hook::Committing& commit, const At&) {
  for (const Record& record : commit.delta.records) {
    const auto* shard = std::get_if<ShardInfo>(&record);
    if (shard == nullptr) continue;
    if (shard->id.value() >= epochs_.size()) epochs_.resize(shard->id.value() + 1);
    auto& epochs = epochs_[shard->id.value()];
    if (epochs.size() == kEpochsKept) epochs.erase(epochs.begin());
    epochs.emplace_back(commit.delta.revision, shard->epoch);
  }
}

void ScanCompleteness::on(const fact::ScanCompleted& scan, const At& at) {
  const CollectionConfig* collection = scanned_collection(scan);
  if (collection == nullptr) return;
  evaluated();
  std::string fault = find_fault(*collection, *scan.result);
  if (fault.empty()) fault = find_other_epoch(scan);
  if (fault.empty()) return;
  report(at, {ShardId::none(), {at.node}, {}},
         fmt::format("{} answered {} over {} as complete: {}", at.node, scan.request,
                     collection->full_name(), fault));
}

/// The collection or one of its successors, whichever the first part belongs to.
const CollectionConfig* ScanCompleteness::scanned_collection(
    const fact::ScanCompleted& scan) const {
  const CollectionConfig* collection = oracle_.table().find_collection(scan.collection);
  const auto& parts = scan.result->parts;
  while (collection != nullptr && collection->successor.has_value()) {
    if (!parts.empty() && parts[0] && parts[0]->shard == collection->first_shard) break;
    collection = oracle_.table().find_collection(collection->successor);
  }
  return collection;
}

/// A part of an epoch that the result's table revision does not name.
std::string ScanCompleteness::find_other_epoch(const fact::ScanCompleted& scan) const {
  for (std::size_t i = 0; i < scan.result->parts.size(); ++i) {
    const ShardId shard = scan.result->parts[i]->shard;
    const auto& epochs = epochs_[shard.value()];
    const auto later = std::find_if(epochs.begin(), epochs.end(), [&](const auto& known) {
      return known.first > scan.result->revision;
    });
    // Older ones are not remembered.
    if (later == epochs.begin()) continue;
    const Epoch named = std::prev(later)->second;
    if (i < scan.epochs.size() && scan.epochs[i] == named) continue;
    return fmt::format("its part of {} is of {}, and the table of {} names {}", shard,
                       i < scan.epochs.size() ? scan.epochs[i] : Epoch(), scan.result->revision,
                       named);
  }
  return {};
}

std::string ScanCompleteness::find_fault(const CollectionConfig& collection,
                                         const ScanResult& result) const {
  if (!result.missing.empty())
    return fmt::format("it says itself that {} is missing", result.missing[0]);
  if (result.revision > oracle_.table().revision())
    return fmt::format("it is of a table of {}, and the last commit is {}", result.revision,
                       oracle_.table().revision());
  std::uint64_t sum = 0;
  for (std::uint32_t i = 0; i < collection.num_shards; ++i) {
    const ShardId expected(collection.first_shard.value() + i);
    if (i >= result.parts.size() || result.parts[i] == nullptr) {
      return fmt::format("{} of {} parts, without {}", result.parts.size(), collection.num_shards,
                         expected);
    }
    if (result.parts[i]->shard != expected) {
      return fmt::format("{} in the place of {}", result.parts[i]->shard, expected);
    }
    sum += result.parts[i]->count;
  }
  if (result.parts.size() != collection.num_shards) {
    return fmt::format("{} parts of {} shards", result.parts.size(), collection.num_shards);
  }
  if (sum != result.count) {
    return fmt::format("it counts {}, and its parts {}", result.count, sum);
  }
  return {};
}

}  // namespace shardproof::sim::check
