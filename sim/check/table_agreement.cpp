// SPDX-License-Identifier: Apache-2.0
#include "sim/check/table_agreement.hpp"

#include "sim/check/table_difference.hpp"

namespace shardproof::sim::check {

void TableAgreement::on(const hook::Committed& commit, const At&) {
  digests_.resize(commit.delta.revision.value() + 1);
  digests_.back() = oracle_.table().digest();
}

void TableAgreement::on(const fact::TableAdopted& table, const At& at) {
  evaluated();
  const std::uint64_t revision = table.revision.value();
  const Subject subject{ShardId::none(), {at.node}, {}};
  const auto difference = [this, node = at.node](const AuditView& view) {
    if (!view.is_up(node)) return std::string();
    return table_difference(view.table(node), node, oracle_.table());
  };
  if (revision > oracle_.table().revision().value()) {
    report(at, subject,
           fmt::format("{} adopted a table of {}, and the last commit is {}", at.node,
                       table.revision, oracle_.table().revision()),
           difference);
  } else if (revision < digests_.size() && digests_[revision] != table.digest) {
    report(at, subject,
           fmt::format("{} has another table at {} than was committed: digest {:016x} in place of "
                       "{:016x}",
                       at.node, table.revision, table.digest, digests_[revision]),
           difference);
  }
}

}  // namespace shardproof::sim::check
