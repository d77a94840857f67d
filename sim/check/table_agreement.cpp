// SPDX-License-Identifier: Apache-2.0
#include "sim/check/table_agreement.hpp"

namespace shardproof::sim::check {

void TableAgreement::on(const hook::Committed& commit, const At&) {
  digests_.resize(commit.delta.revision.value() + 1);
  digests_.back() = oracle_.table().digest();
}

void TableAgreement::on(const fact::TableAdopted& table, const At& at) {
  evaluated();
  const std::uint64_t revision = table.revision.value();
  const Subject subject{ShardId::none(), {at.node}, {}};
  if (revision > oracle_.table().revision().value()) {
    report(at, subject,
           fmt::format("{} adopted a table of {}, and the last commit is {}", at.node,
                       table.revision, oracle_.table().revision()));
  } else if (revision < digests_.size() && digests_[revision] != table.digest) {
    report(at, subject,
           fmt::format("{} has another table at {} than was committed: digest {:016x} in place of "
                       "{:016x}",
                       at.node, table.revision, table.digest, digests_[revision]));
  }
}

}  // namespace shardproof::sim::check
