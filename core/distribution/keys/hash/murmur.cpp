// SPDX-License-Identifier: Apache-2.0
#include "core/distribution/keys/hash/murmur.hpp"

#include <algorithm>
#include <bit>

#include "core/distribution/keys/hash/bytes.hpp"

namespace shardproof::distribution {
namespace {

std::uint32_t finished32(std::uint32_t hash) {
  hash = (hash ^ hash >> 16) * 0x85ebca6bu;
  hash = (hash ^ hash >> 13) * 0xc2b2ae35u;
  return hash ^ hash >> 16;
}
std::uint64_t finished64(std::uint64_t hash) {
  hash = (hash ^ hash >> 33) * 0xff51afd7ed558ccdu;
  hash = (hash ^ hash >> 33) * 0xc4ceb9fe1a85ec53u;
  return hash ^ hash >> 33;
}

std::uint32_t scrambled32(std::uint32_t word) {
  return std::rotl(word * 0xcc9e2d51u, 15) * 0x1b873593u;
}

constexpr std::uint64_t kFirst = 0x87c37b91114253d5u;
constexpr std::uint64_t kSecond = 0x4cf5ad432745937fu;

std::uint64_t scrambled_low(std::uint64_t word) { return std::rotl(word * kFirst, 31) * kSecond; }
std::uint64_t scrambled_high(std::uint64_t word) { return std::rotl(word * kSecond, 33) * kFirst; }

}  // namespace

std::uint32_t murmur3_32(std::string_view bytes, std::uint32_t seed) {
  std::uint32_t hash = seed;
  const std::size_t whole = bytes.size() / 4 * 4;
  for (std::size_t i = 0; i < whole; i += 4) {
    hash ^= scrambled32(little_endian<std::uint32_t>(bytes, i));
    hash = std::rotl(hash, 13) * 5 + 0xe6546b64u;
  }
  hash ^= scrambled32(little_endian<std::uint32_t>(bytes, whole, bytes.size() - whole));
  return finished32(hash ^ static_cast<std::uint32_t>(bytes.size()));
}

std::array<std::uint64_t, 2> murmur3_128(std::string_view bytes, std::uint32_t seed) {
  std::uint64_t h1 = seed;
  std::uint64_t h2 = seed;
  const std::size_t whole = bytes.size() / 16 * 16;
  for (std::size_t i = 0; i < whole; i += 16) {
    h1 ^= scrambled_low(little_endian<std::uint64_t>(bytes, i));
    h1 = (std::rotl(h1, 27) + h2) * 5 + 0x52dce729u;
    h2 ^= scrambled_high(little_endian<std::uint64_t>(bytes, i + 8));
    h2 = (std::rotl(h2, 31) + h1) * 5 + 0x38495ab5u;
  }
  const std::size_t rest = bytes.size() - whole;
  const std::size_t low = std::min<std::size_t>(rest, 8);
  h1 ^= scrambled_low(little_endian<std::uint64_t>(bytes, whole, low));
  h2 ^= scrambled_high(little_endian<std::uint64_t>(bytes, whole + low, rest - low));
  h1 ^= bytes.size();
  h2 ^= bytes.size();
  h1 += h2;
  h2 += h1;
  h1 = finished64(h1);
  h2 = finished64(h2);
  h1 += h2;
  h2 += h1;
  return {h1, h2};
}

std::uint32_t murmur2(std::string_view bytes, std::uint32_t seed) {
  constexpr std::uint32_t kFactor = 0x5bd1e995u;
  std::uint32_t hash = seed ^ static_cast<std::uint32_t>(bytes.size());
  const std::size_t whole = bytes.size() / 4 * 4;
  for (std::size_t i = 0; i < whole; i += 4) {
    const std::uint32_t word = little_endian<std::uint32_t>(bytes, i) * kFactor;
    hash = hash * kFactor ^ (word ^ word >> 24) * kFactor;
  }
  if (whole < bytes.size()) {
    hash = (hash ^ little_endian<std::uint32_t>(bytes, whole, bytes.size() - whole)) * kFactor;
  }
  hash = (hash ^ hash >> 13) * kFactor;
  return hash ^ hash >> 15;
}

}  // namespace shardproof::distribution
