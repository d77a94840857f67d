// SPDX-License-Identifier: Apache-2.0
#include "core/distribution/keys/hash/md5.hpp"

#include <md5.h>

namespace shardproof::distribution {

Md5Digest md5(std::string_view bytes) {
  MD5_CTX context;
  MD5Init(&context);
  MD5Update(&context, reinterpret_cast<const std::uint8_t*>(bytes.data()), bytes.size());
  Md5Digest digest{};
  MD5Final(digest.data(), &context);
  return digest;
}

}  // namespace shardproof::distribution
