// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <vector>

#include "sim/check/monitor.hpp"

namespace shardproof::sim::check {

/// Judges the commit that ends a migration with success, and who may drive one: the last
/// coordinator.
class CompleteDrain : public Monitor<CompleteDrain> {
 public:
  static constexpr InvariantInfo kInvariant{16, "complete_drain",
                                            "a migration has one driver, and ends with success "
                                            "only when the target has everything and the "
                                            "source nothing"};
  using Monitor::Monitor;

  void on(const hook::Committing& commit, const At& at);

 private:
  void check_end(const ShardInfo& before, const ShardInfo& after, NodeId author, const At& at);
  void check_driver(const ShardInfo& after, const hook::Committing& commit, const At& at);
  bool is_leased(NodeId node, const At& at) const;

  struct Driver {
    MigrationId migration;
    Term term;
    NodeId node;
  };
  std::vector<Driver> drivers_;
};

}  // namespace shardproof::sim::check
