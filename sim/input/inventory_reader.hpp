// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "core/base/result.hpp"
#include "core/base/units.hpp"
#include "sim/input/csv_reader.hpp"

namespace shardproof::sim {

/// Which columns of an inventory mean what; empty: not in the file.
struct InventoryColumns {
  std::string name;
  std::string region;
  std::string zone;
  std::string rack;
  std::string cpu_milli;     ///< thousandths of a core
  std::string memory_mib;    ///< memory in MiB
  std::string disk_mib;      ///< disk in MiB
  std::string network_mbit;  ///< megabits per second
};

/// One machine, as far as its row says.
struct InventoryRow {
  std::uint64_t line = 0;
  std::string name;
  std::string region;
  std::string zone;
  std::string rack;
  std::optional<std::uint64_t> cpu_milli;
  std::optional<Bytes> memory;
  std::optional<Bytes> disk;
  std::optional<Bandwidth> network;
};

/// Streams the machines of an inventory file.
class InventoryReader {
 public:
  static Result<InventoryReader, InputError> open(const std::string& file,
                                                  const InventoryColumns& columns);
  /// The next machine, null at the end, or an error, after which there is nothing more to read.
  Result<const InventoryRow*, InputError> next();

 private:
  using Column = std::optional<std::size_t>;

  explicit InventoryReader(CsvReader csv) : csv_(std::move(csv)) {}
  std::optional<InputError> find(const std::string& name, Column& column);
  std::optional<InputError> find_columns(const InventoryColumns& columns);
  std::string text(const CsvRow& row, Column column) const;
  /// The number in a column, if there is one.
  Result<std::optional<std::uint64_t>, InputError> number(const CsvRow& row, Column column,
                                                          std::uint64_t unit) const;

  CsvReader csv_;
  Column name_, region_, zone_, rack_, cpu_milli_, memory_mib_, disk_mib_, network_mbit_;
  InventoryRow row_;
};

}  // namespace shardproof::sim
