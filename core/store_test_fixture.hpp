// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <map>
#include <string>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

#include "core/storage_engine.hpp"

namespace shardproof::test {

inline constexpr ShardId kShard(3);

inline EntryRef entry(std::uint64_t index, const char* key = "a") {
  const boost::intrusive_ptr<Document> document(new Document);
  document->key = key;
  document->size = Bytes(1000);
  document->content = index;
  const boost::intrusive_ptr<LogEntry> made(new LogEntry);
  made->version = {Epoch(1), LogIndex(index)};
  made->request = {ClientId(0), static_cast<std::uint32_t>(index)};
  made->mutations.push_back({document, false});
  return made;
}

/// A store on a disk that keeps everything that is acknowledged.
class DocumentStoreTest : public ::testing::Test {
 protected:
  DocumentStoreTest() { store.recover({}, effects); }

  /// Takes the only operation just issued.
  DiskOp take() {
    EXPECT_EQ(effects.disk_ops().size(), 1u);
    DiskOp operation = std::move(effects.disk_ops().at(0));
    effects.disk_ops().clear();
    return operation;
  }
  void finish(const DiskOp& operation, DiskOutcome outcome = DiskOutcome::Ok) {
    if (outcome == DiskOutcome::Ok) files[operation.file] += operation.data;
    store.on_disk_done({operation.id, outcome, Bytes(10), capacity}, effects);
  }
  std::vector<DiskOp> take_all() {
    std::vector<DiskOp> operations = std::move(effects.disk_ops());
    effects.disk_ops().clear();
    return operations;
  }
  /// Flips a bit of the payload of its first record.
  void damage_first_file() {
    char& byte = files.begin()->second[storage::kRecordHeader];
    byte = static_cast<char>(byte ^ 1);
  }
  DiskImage image() const {
    DiskImage image;
    for (const auto& [id, data] : files) image.files.push_back({id, data, Bytes(data.size())});
    return image;
  }

  DocumentStore store;
  Effects effects;
  Bytes capacity = Bytes(1000);
  std::map<FileId, std::string> files;
};

}  // namespace shardproof::test
