// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <vector>

#include "sim/check/monitor.hpp"

namespace shardproof::sim::check {

/// Compares digests: of each table that a node adopts with that of the committed one at its
/// revision.
class TableAgreement : public Monitor<TableAgreement> {
 public:
  static constexpr InvariantInfo kInvariant{
      4, "table_agreement",
      "tables of equal revision are equal, and none is newer than the committed"};
  using Monitor::Monitor;

  void on(const hook::Committed& commit, const At& at);
  void on(const fact::TableAdopted& table, const At& at);

 private:
  /// By revision.
  std::vector<std::uint64_t> digests_;
};

}  // namespace shardproof::sim::check
