// SPDX-License-Identifier: Apache-2.0
#include <vector>

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "core/replica_log.hpp"

namespace shardproof {
namespace {

EntryRef entry(Version version) {
  auto* made = new LogEntry;
  made->version = version;
  return EntryRef(made);
}

/// The naive log: the versions behind the base.
struct NaiveLog {
  Version base;
  std::vector<Version> versions;

  Version last() const { return versions.empty() ? base : versions.back(); }
};

void check_same(const ReplicaLog& log, const NaiveLog& naive) {
  RC_ASSERT(log.base() == naive.base);
  RC_ASSERT(log.last() == naive.last());
  RC_ASSERT(log.size() == naive.versions.size());
  RC_ASSERT(!log.contains(naive.base.index));
  RC_ASSERT(!log.contains(naive.last().index.next()));
  RC_ASSERT(log.version_at(naive.base.index) == naive.base);
  for (const Version& version : naive.versions) {
    RC_ASSERT(log.contains(version.index));
    RC_ASSERT(log.at(version.index)->version == version);
  }
}

RC_GTEST_PROP(ReplicaLog, AfterAnyCommandsItIsTheNaiveLog, ()) {
  ReplicaLog log;
  NaiveLog naive;
  for (int commands = *rc::gen::inRange(0, 80); commands > 0; --commands) {
    const int command = *rc::gen::inRange(0, 20);
    const std::size_t place = *rc::gen::inRange<std::size_t>(0, naive.versions.size() + 1);
    const LogIndex index(naive.base.index.value() + place);
    if (command < 13) {
      const Epoch epoch(naive.last().epoch.value() + (command == 0 ? 1 : 0));
      const Version version{epoch, naive.last().index.next()};
      log.push(entry(version));
      naive.versions.push_back(version);
    } else if (command < 16) {
      log.truncate_after(index);
      naive.versions.resize(place);
    } else if (command < 19) {
      log.trim_to(index);
      if (place > 0) naive.base = naive.versions[place - 1];
      naive.versions.erase(naive.versions.begin(),
                           naive.versions.begin() + static_cast<std::ptrdiff_t>(place));
    } else {
      const Version base{naive.last().epoch.next(),
                         LogIndex(*rc::gen::inRange<std::uint64_t>(0, 50))};
      log.reset(base);
      naive = {base, {}};
    }
    check_same(log, naive);
  }
}

}  // namespace
}  // namespace shardproof
