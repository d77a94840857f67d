// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <map>
#include <string>
#include <vector>

#include "core/base/check.hpp"
#include "core/base/random.hpp"
#include "core/ports.hpp"

namespace shardproof::property_tests {

/// What a power failure does to the bytes of a file that were not synced.
enum class UnsyncedFate : std::uint8_t {
  Kept,
  Lost,
  Torn,   ///< a drawn prefix stays
  Holed,  ///< a drawn range has become zeros
  Mixed,  ///< drawn for each file
};

/// The naive disk: operations take effect when the test says so, with the outcome that it says.
class FakeDisk {
 public:
  explicit FakeDisk(Bytes capacity = Bytes(0)) : capacity_(capacity) {}

  void submit(std::vector<DiskOp>& operations) {
    for (DiskOp& operation : operations) {
      SHARDPROOF_CHECK(operation.size.count() >= operation.data.size());
      in_flight_.push_back(std::move(operation));
    }
    operations.clear();
  }
  std::size_t in_flight() const { return in_flight_.size(); }

  /// Ends an operation, the `which`-th of those in flight. `Unknown` has its effect if `happened`.
  /// An append beyond the capacity ends as Full whatever was asked for.
  DiskDone complete(std::size_t which, DiskOutcome outcome = DiskOutcome::Ok,
                    bool happened = false) {
    const DiskOp operation = std::move(in_flight_[which]);
    in_flight_.erase(in_flight_.begin() + static_cast<std::ptrdiff_t>(which));
    const bool is_append = operation.kind == DiskOpKind::Append;
    if (is_append && capacity_ != Bytes(0) && used() + operation.size > capacity_) {
      outcome = DiskOutcome::Full;
    }
    if (outcome == DiskOutcome::Ok) {
      apply(operation);
      if (is_append && operation.sync)
        files_[operation.file].durable = files_[operation.file].data.size();
    } else if (outcome == DiskOutcome::Unknown && happened) {
      apply(operation);
    }
    return {operation.id, outcome, used(), capacity_};
  }

  /// The power goes: each operation in flight has happened or not, and unsynced bytes meet their
  /// fate.
  void crash(UnsyncedFate fate, Random& random) {
    for (const DiskOp& operation : in_flight_) {
      if (fate == UnsyncedFate::Lost) break;
      if (fate != UnsyncedFate::Mixed || random.below(2) == 0) apply(operation);
    }
    in_flight_.clear();
    for (auto file = files_.begin(); file != files_.end();) {
      crash_file(file->second, fate, random);
      file = file->second.data.empty() ? files_.erase(file) : std::next(file);
    }
  }

  DiskImage image() const {
    DiskImage image;
    for (const auto& [id, file] : files_) image.files.push_back({id, file.data, file.size});
    image.used = used();
    image.capacity = capacity_;
    return image;
  }
  Bytes used() const {
    Bytes used;
    for (const auto& [id, file] : files_) used += file.size;
    return used;
  }
  std::size_t files() const { return files_.size(); }
  void set_capacity(Bytes capacity) { capacity_ = capacity; }

 private:
  struct File {
    std::string data;
    Bytes size;
    std::size_t durable = 0;
  };

  void apply(const DiskOp& operation) {
    File& file = files_[operation.file];
    switch (operation.kind) {
      case DiskOpKind::Append:
        file.data += operation.data;
        file.size += operation.size;
        break;
      case DiskOpKind::Sync: file.durable = file.data.size(); break;
      case DiskOpKind::Remove: files_.erase(operation.file); break;
    }
  }

  static void crash_file(File& file, UnsyncedFate fate, Random& random) {
    const std::size_t unsynced = file.data.size() - file.durable;
    if (fate == UnsyncedFate::Mixed) fate = static_cast<UnsyncedFate>(random.below(4));
    if (unsynced == 0 || fate == UnsyncedFate::Kept) {
      // Nothing is lost.
    } else if (fate == UnsyncedFate::Lost) {
      file.data.resize(file.durable);
    } else if (fate == UnsyncedFate::Torn) {
      file.data.resize(file.durable + random.below(unsynced));
    } else {
      const std::size_t begin = file.durable + random.below(unsynced);
      const std::size_t length = 1 + random.below(file.data.size() - begin);
      file.data.replace(begin, length, length, '\0');
    }
    file.durable = file.data.size();
  }

  std::map<FileId, File> files_;
  std::vector<DiskOp> in_flight_;
  Bytes capacity_;
};

}  // namespace shardproof::property_tests
