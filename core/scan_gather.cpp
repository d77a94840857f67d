// SPDX-License-Identifier: Apache-2.0
#include "core/scan_gather.hpp"

namespace shardproof {

ScanGather::ScanGather(message::ClientRequest request, Endpoint client,
                       const CollectionConfig& collection, Instant asked_at)
    : request_(std::move(request)),
      client_(client),
      asked_at_(asked_at),
      first_shard_(collection.first_shard),
      parts_(collection.num_shards) {}

ShardId ScanGather::shard_at(std::size_t index) const {
  return ShardId(first_shard_.value() + static_cast<std::uint32_t>(index));
}

void ScanGather::add(const ScanPartRef& part, Epoch epoch) {
  const std::uint32_t index = part->shard.value() - first_shard_.value();
  SHARDPROOF_CHECK(index < parts_.size(), "{} is not scanned", part->shard);
  if (!parts_[index].part) received_ += 1;
  parts_[index] = {part, epoch};
}

std::vector<ShardId> ScanGather::forget_outdated(const ShardTable& table) {
  std::vector<ShardId> outdated;
  for (std::size_t i = 0; i < parts_.size(); ++i) {
    const ShardInfo* info = table.find_shard(shard_at(i));
    if (!parts_[i].part || info->epoch <= parts_[i].epoch) continue;
    parts_[i] = Part();
    received_ -= 1;
    outdated.push_back(shard_at(i));
  }
  return outdated;
}

ScanResultRef ScanGather::result(Revision revision) const {
  auto result = std::make_shared<ScanResult>();
  result->revision = revision;
  for (std::size_t i = 0; i < parts_.size(); ++i) {
    if (parts_[i].part) {
      result->count += parts_[i].part->count;
      result->parts.push_back(parts_[i].part);
    } else {
      result->missing.push_back(shard_at(i));
    }
  }
  return result;
}

std::vector<Epoch> ScanGather::epochs() const {
  std::vector<Epoch> epochs;
  for (const Part& one : parts_) {
    if (one.part) epochs.push_back(one.epoch);
  }
  return epochs;
}

}  // namespace shardproof
