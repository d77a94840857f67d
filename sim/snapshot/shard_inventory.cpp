// SPDX-License-Identifier: Apache-2.0
#include "sim/snapshot/shard_inventory.hpp"

#include <algorithm>
#include <cstddef>
#include <string_view>

#include "sim/input/csv_reader.hpp"
#include "sim/scenario/decimal.hpp"

namespace shardproof::sim {
namespace {

constexpr std::uint64_t kBytesMax = std::uint64_t{1} << 56;

std::vector<std::string> names_of(std::string_view text) {
  std::vector<std::string> names;
  std::size_t position = 0;
  while ((position = text.find_first_not_of(" ;", position)) != std::string_view::npos) {
    const std::size_t end = std::min(text.find_first_of(" ;", position), text.size());
    names.emplace_back(text.substr(position, end - position));
    position = end;
  }
  return names;
}

/// The columns that the inventory names, of a file that has them.
class Columns {
 public:
  std::optional<InputError> find(const CsvReader& csv, const ShardInventory& inventory) {
    const std::pair<const std::string&, Column&> wanted[] = {
        {inventory.name, name_},
        {inventory.collection, collection_},
        {inventory.replicas, replicas_},
        {inventory.leader, leader_},
        {inventory.bytes, bytes_},
        {inventory.mib, mib_},
        {inventory.requests_per_second, requests_},
        {inventory.leader_cpu, leader_cpu_},
        {inventory.follower_cpu, follower_cpu_}};
    for (const auto& [name, column] : wanted) {
      if (name.empty()) continue;
      const auto index = csv.column(name);
      if (!index) return index.error();
      column = *index;
    }
    return std::nullopt;
  }

  /// A row's shard, the `number`th, or what is wrong with it.
  std::optional<std::string> read(const CsvRow& row, std::size_t number,
                                  SnapshotShard& shard) const {
    shard.name = name_ ? text(row, name_) : fmt::format("s{}", number);
    shard.collection = text(row, collection_);
    shard.replicas = names_of(text(row, replicas_));
    shard.leader = text(row, leader_);
    std::optional<std::uint64_t> bytes;
    std::optional<std::uint64_t> mebibytes;
    if (auto wrong = whole(row, bytes_, "size", kBytesMax, bytes)) return wrong;
    if (auto wrong = whole(row, mib_, "size", kBytesMax >> 20, mebibytes)) return wrong;
    if (mebibytes) bytes = *mebibytes << 20;
    if (bytes) shard.bytes = Bytes(*bytes);
    if (auto wrong = whole(row, leader_cpu_, "leader's cpu", kBytesMax, shard.leader_cpu)) {
      return wrong;
    }
    if (auto wrong = whole(row, follower_cpu_, "follower's cpu", kBytesMax, shard.follower_cpu)) {
      return wrong;
    }
    return whole(row, requests_, "request rate", kBytesMax, shard.requests_per_second);
  }

 private:
  using Column = std::optional<std::size_t>;

  static std::string text(const CsvRow& row, Column column) {
    return column ? std::string(row.fields[*column]) : std::string();
  }
  static std::optional<std::string> whole(const CsvRow& row, Column column, std::string_view what,
                                          std::uint64_t max, std::optional<std::uint64_t>& number) {
    if (!column) return std::nullopt;
    const auto parsed = parse_decimal(row.fields[*column]);
    if (!parsed || parsed->scale != 1 || parsed->digits > max) {
      return fmt::format("the {} \"{}\" is not a whole number of a sensible size", what,
                         row.fields[*column]);
    }
    number = parsed->digits;
    return std::nullopt;
  }

  Column name_;
  Column collection_;
  Column replicas_;
  Column leader_;
  Column bytes_;
  Column mib_;
  Column requests_;
  Column leader_cpu_;
  Column follower_cpu_;
};

}  // namespace

std::optional<InputError> add_shards(const ShardInventory& inventory, SnapshotBuilder& builder) {
  auto csv = CsvReader::open(inventory.file);
  if (!csv) return csv.error();
  builder.shards_are_in(inventory.file);
  Columns columns;
  if (auto error = columns.find(*csv, inventory)) return error;
  for (std::size_t number = 0;; ++number) {
    const auto row = csv->next();
    if (!row) return row.error();
    if (*row == nullptr) return std::nullopt;
    SnapshotShard shard;
    shard.line = (*row)->line;
    auto wrong = columns.read(**row, number, shard);
    if (!wrong) wrong = builder.add(shard);
    if (wrong) return csv->malformed((*row)->line, *wrong);
  }
}

}  // namespace shardproof::sim
