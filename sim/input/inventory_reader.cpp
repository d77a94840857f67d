// SPDX-License-Identifier: Apache-2.0
#include "sim/input/inventory_reader.hpp"

#include "sim/scenario/decimal.hpp"

namespace shardproof::sim {
namespace {

constexpr std::uint64_t kMebibyte = std::uint64_t{1} << 20;
constexpr std::uint64_t kMegabit = 1'000'000 / 8;
constexpr std::uint64_t kNumberMax = std::uint64_t{1} << 40;

}  // namespace

Result<InventoryReader, InputError> InventoryReader::open(const std::string& file,
                                                          const InventoryColumns& columns) {
  auto csv = CsvReader::open(file);
  if (!csv) return {Unexpected<InputError>{csv.error()}};
  InventoryReader reader(std::move(*csv));
  if (auto error = reader.find_columns(columns)) return {Unexpected<InputError>{*error}};
  return reader;
}

std::optional<InputError> InventoryReader::find(const std::string& name, Column& column) {
  if (name.empty()) return std::nullopt;
  const auto index = csv_.column(name);
  if (!index) return index.error();
  column = *index;
  return std::nullopt;
}

std::optional<InputError> InventoryReader::find_columns(const InventoryColumns& columns) {
  const std::pair<const std::string&, Column&> wanted[] = {
      {columns.name, name_},           {columns.region, region_},
      {columns.zone, zone_},           {columns.rack, rack_},
      {columns.cpu_milli, cpu_milli_}, {columns.memory_mib, memory_mib_},
      {columns.disk_mib, disk_mib_},   {columns.network_mbit, network_mbit_},
  };
  for (const auto& [name, column] : wanted) {
    if (auto error = find(name, column)) return error;
  }
  return std::nullopt;
}

std::string InventoryReader::text(const CsvRow& row, Column column) const {
  return column ? std::string(row.fields[*column]) : std::string();
}

Result<std::optional<std::uint64_t>, InputError> InventoryReader::number(const CsvRow& row,
                                                                         Column column,
                                                                         std::uint64_t unit) const {
  if (!column) return std::optional<std::uint64_t>();
  const std::string_view written = row.fields[*column];
  const auto parsed = parse_decimal(written);
  if (!parsed || parsed->scale != 1 || parsed->digits > kNumberMax) {
    return {Unexpected<InputError>{csv_.malformed(
        row.line, fmt::format("the {} \"{}\" is not a whole number of a sensible size",
                              csv_.columns()[*column], written))}};
  }
  return std::optional<std::uint64_t>(parsed->digits * unit);
}

Result<const InventoryRow*, InputError> InventoryReader::next() {
  const auto next_row = csv_.next();
  if (!next_row) return {Unexpected<InputError>{next_row.error()}};
  if (*next_row == nullptr) return static_cast<const InventoryRow*>(nullptr);
  const CsvRow& row = **next_row;
  row_ = {row.line,
          text(row, name_),
          text(row, region_),
          text(row, zone_),
          text(row, rack_),
          {},
          {},
          {},
          {}};
  if (name_ && row_.name.empty()) {
    return {Unexpected<InputError>{csv_.malformed(row.line, "the name is empty")}};
  }
  const auto cpu = number(row, cpu_milli_, 1);
  if (!cpu) return {Unexpected<InputError>{cpu.error()}};
  const auto memory = number(row, memory_mib_, kMebibyte);
  if (!memory) return {Unexpected<InputError>{memory.error()}};
  const auto disk = number(row, disk_mib_, kMebibyte);
  if (!disk) return {Unexpected<InputError>{disk.error()}};
  const auto network = number(row, network_mbit_, kMegabit);
  if (!network) return {Unexpected<InputError>{network.error()}};
  row_.cpu_milli = *cpu;
  if (*memory) row_.memory = Bytes(**memory);
  if (*disk) row_.disk = Bytes(**disk);
  if (*network) row_.network = Bandwidth(**network);
  return static_cast<const InventoryRow*>(&row_);
}

}  // namespace shardproof::sim
