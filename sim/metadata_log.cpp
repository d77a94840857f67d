// SPDX-License-Identifier: Apache-2.0
#include "sim/metadata_log.hpp"

#include <algorithm>
#include <memory>
#include <utility>

#include "core/base/check.hpp"

namespace shardproof::sim {
namespace {

/// Below this, keeping history costs less than merging it.
constexpr std::size_t kRecordsMin = 4096;

struct StampedRecord {
  Revision modified;
  Record record;
};

/// Every record that exists, in order of key.
std::vector<StampedRecord> all_records(const ShardTable& table) {
  std::vector<StampedRecord> all;
  const auto add = [&](const Record& record) {
    const Revision modified = table.modified(key_of(record));
    if (modified > Revision()) all.push_back({modified, record});
  };
  const auto add_each = [&](const auto& records) {
    for (const auto& record : records) {
      if (record.id.has_value()) add(record);
    }
  };
  add(table.coordinator());
  add(table.settings());
  add_each(table.nodes());
  add_each(table.collections());
  add_each(table.shards());
  return all;
}

}  // namespace

TableDeltaRef MetadataLog::next(std::vector<Record> records) const {
  return std::make_shared<const TableDelta>(
      TableDelta{table_.revision().next(), std::move(records)});
}

void MetadataLog::append(TableDeltaRef delta) {
  SHARDPROOF_CHECK(delta->revision == table_.revision().next(), "{} after {}", delta->revision,
                   table_.revision());
  table_.apply(*delta);
  recent_records_ += delta->records.size();
  recent_.push_back(std::move(delta));
  if (recent_records_ > std::max(kRecordsMin, 2 * base_records_)) compact();
}

void MetadataLog::read_since(Revision since, std::vector<TableDeltaRef>& out) const {
  const auto is_known = [since](const TableDeltaRef& delta) { return delta->revision <= since; };
  out.insert(out.end(), std::partition_point(base_.begin(), base_.end(), is_known), base_.end());
  out.insert(out.end(), std::partition_point(recent_.begin(), recent_.end(), is_known),
             recent_.end());
}

void MetadataLog::compact() {
  std::vector<StampedRecord> all = all_records(table_);
  std::stable_sort(all.begin(), all.end(), [](const StampedRecord& a, const StampedRecord& b) {
    return a.modified < b.modified;
  });
  base_.clear();
  for (auto first = all.begin(); first != all.end();) {
    TableDelta delta{first->modified, {}};
    for (; first != all.end() && first->modified == delta.revision; ++first) {
      delta.records.push_back(std::move(first->record));
    }
    base_.push_back(std::make_shared<const TableDelta>(std::move(delta)));
  }
  base_records_ = all.size();
  recent_.clear();
  recent_records_ = 0;
}

}  // namespace shardproof::sim
