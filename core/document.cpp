// SPDX-License-Identifier: Apache-2.0
#include "core/document.hpp"

namespace shardproof {

std::uint64_t document_digest(std::string_view key, Version version, bool tombstone,
                              std::uint64_t content) {
  return document_digest_hashed(stable_hash(key), version, tombstone, content);
}

}  // namespace shardproof
