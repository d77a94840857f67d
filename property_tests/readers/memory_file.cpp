// SPDX-License-Identifier: Apache-2.0
#include "property_tests/readers/memory_file.hpp"

#include <sys/mman.h>
#include <unistd.h>

#include <fmt/format.h>

#include "core/base/check.hpp"

namespace shardproof::readers {

MemoryFile::MemoryFile(const std::uint8_t* data, std::size_t size)
    : descriptor_(memfd_create("input", 0)) {
  SHARDPROOF_CHECK(descriptor_ >= 0, "no file in memory");
  const ssize_t written = write(descriptor_, data, size);
  SHARDPROOF_CHECK(written >= 0 && static_cast<std::size_t>(written) == size, "short write");
}

MemoryFile::~MemoryFile() { close(descriptor_); }

std::string MemoryFile::path() const { return fmt::format("/proc/self/fd/{}", descriptor_); }

}  // namespace shardproof::readers
