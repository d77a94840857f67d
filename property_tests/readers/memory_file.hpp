// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>

namespace shardproof::readers {

/// A file that lives in memory, for readers that open a path. Linux only.
class MemoryFile {
 public:
  /// With `size` bytes of `data`. Ends the process where the system has no room for it.
  MemoryFile(const std::uint8_t* data, std::size_t size);
  MemoryFile(const MemoryFile&) = delete;
  MemoryFile& operator=(const MemoryFile&) = delete;
  ~MemoryFile();

  /// What opens it, as long as the object lives.
  std::string path() const;

 private:
  int descriptor_;
};

}  // namespace shardproof::readers
