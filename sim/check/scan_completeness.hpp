// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "sim/check/monitor.hpp"

namespace shardproof::sim::check {

/// Judges each part of a scan or count against the applied content of its shard, and that an answer
/// is made of one part of every shard, each of the epoch that the answer's table names.
class ScanCompleteness : public Monitor<ScanCompleteness> {
 public:
  static constexpr InvariantInfo kInvariant{28, "scan_completeness",
                                            "a scan or count covers every shard of one table "
                                            "revision with each key once, or says what is "
                                            "missing"};
  using Monitor::Monitor;

  void on(const hook::Committing& commit, const At& at);
  void on(const fact::ScanPartServed& part, const At& at);
  void on(const fact::ScanCompleted& scan, const At& at);

 private:
  void check_documents(const fact::ScanPartServed& served, const At& at);
  /// What is wrong with the answer; empty if nothing is.
  const CollectionConfig* scanned_collection(const fact::ScanCompleted& scan) const;
  std::string find_fault(const CollectionConfig& collection, const ScanResult& result) const;
  std::string find_other_epoch(const fact::ScanCompleted& scan) const;

  static constexpr std::size_t kEpochsKept = 8;
  /// By shard: since which commits it has had which epochs, the last ones.
  std::vector<std::vector<std::pair<Revision, Epoch>>> epochs_;
};

}  // namespace shardproof::sim::check
