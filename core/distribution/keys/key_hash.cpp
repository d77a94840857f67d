// SPDX-License-Identifier: Apache-2.0
#include "core/distribution/keys/key_hash.hpp"

#include "core/base/stable_hash.hpp"
#include "core/base/xxh32.hpp"
#include "core/distribution/keys/hash/crc32c.hpp"
#include "core/distribution/keys/hash/fnv1a.hpp"
#include "core/distribution/keys/hash/murmur.hpp"
#include "core/distribution/keys/hash/siphash.hpp"

namespace shardproof::distribution {
namespace {

using Text = std::string_view;

std::uint64_t repeated(std::uint32_t hash) { return std::uint64_t{hash} << 32 | hash; }
std::uint32_t low(std::uint64_t seed) { return static_cast<std::uint32_t>(seed); }

std::uint64_t of_xxh32(Text bytes, std::uint64_t seed) { return repeated(xxh32(bytes, low(seed))); }
std::uint64_t of_murmur3(Text bytes, std::uint64_t seed) {
  return murmur3_128(bytes, low(seed))[0];
}
std::uint64_t of_murmur3_32(Text bytes, std::uint64_t seed) {
  return repeated(murmur3_32(bytes, low(seed)));
}
std::uint64_t of_murmur2(Text bytes, std::uint64_t seed) {
  return repeated(murmur2(bytes, 0x9747b28cu ^ low(seed)));
}
std::uint64_t of_fnv1a32(Text bytes, std::uint64_t seed) {
  return repeated(fnv1a32(bytes, low(seed)));
}
std::uint64_t of_crc32c(Text bytes, std::uint64_t seed) {
  return repeated(crc32c(bytes, low(seed)));
}
std::uint64_t of_siphash(Text bytes, std::uint64_t seed) {
  SipKey key;
  key.low ^= seed;
  return siphash(bytes, key);
}
std::uint64_t of_siphash13(Text bytes, std::uint64_t seed) {
  SipKey key;
  key.low ^= seed;
  return siphash(bytes, key, 1, 3);
}

constexpr KeyHash kKeyHashes[] = {
    {"xxh64", "XXH64", stable_hash},
    {"xxh32", "XXH32", of_xxh32},
    {"murmur3", "MurmurHash3_x64_128, the first half", of_murmur3},
    {"murmur3_32", "MurmurHash3_x86_32", of_murmur3_32},
    {"murmur2", "MurmurHash2 with Kafka's seed", of_murmur2},
    {"fnv1a64", "FNV-1a of 64 bits", fnv1a64},
    {"fnv1a32", "FNV-1a of 32 bits", of_fnv1a32},
    {"siphash", "SipHash-2-4 with key 00 01 .. 0f", of_siphash},
    {"siphash13", "SipHash-1-3 with the same key", of_siphash13},
    {"crc32c", "CRC-32C", of_crc32c},
};

}  // namespace

std::span<const KeyHash> key_hashes() { return kKeyHashes; }

const KeyHash* find_key_hash(std::string_view name) {
  for (const KeyHash& hash : kKeyHashes) {
    if (hash.name == name) return &hash;
  }
  return nullptr;
}

}  // namespace shardproof::distribution
