// SPDX-License-Identifier: Apache-2.0
#include "core/document.hpp"

#include "core/base/stable_hash.hpp"

namespace shardproof {

std::uint64_t document_digest(std::string_view key, Version version, bool tombstone,
                              std::uint64_t content) {
  std::uint64_t state = stable_hash(key);
  state = combine64(state, version.epoch.value());
  state = combine64(state, version.index.value() * 2 + (tombstone ? 1 : 0));
  return mix64(combine64(state, content));
}

}  // namespace shardproof
