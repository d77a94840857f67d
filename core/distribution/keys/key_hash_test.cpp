// SPDX-License-Identifier: Apache-2.0
#include "core/distribution/keys/key_hash.hpp"

#include <set>
#include <string>

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "core/base/xxh32.hpp"
#include "core/distribution/keys/hash/crc16.hpp"
#include "core/distribution/keys/hash/crc32c.hpp"
#include "core/distribution/keys/hash/fnv1a.hpp"
#include "core/distribution/keys/hash/md5.hpp"
#include "core/distribution/keys/hash/murmur.hpp"
#include "core/distribution/keys/hash/siphash.hpp"

namespace shardproof::distribution {
namespace {

struct Vector {
  std::string_view input;
  std::uint32_t xxh32;
  std::uint64_t xxh64;
  std::uint64_t xxh64_seed1;
  std::uint32_t fnv1a32;
  std::uint64_t fnv1a64;
  std::uint32_t murmur3_32;
  std::uint64_t murmur3_h1;
  std::uint64_t murmur3_h2;
  std::uint16_t crc16;
  std::uint32_t crc32c;
};
constexpr Vector kVectors[] = {
    {"", 0x02cc5d05, 0xef46db3751d8e999, 0xd5afba1336a3be4b, 0x811c9dc5, 0xcbf29ce484222325, 0, 0,
     0, 0, 0},
    {"a", 0x550d7456, 0xd24ec4f1a98c6e5b, 0xdec2bc81c3cd46c6, 0xe40c292c, 0xaf63dc4c8601ec8c,
     0x3c2569b2, 0x85555565f6597889, 0xe6b53a48510e895a, 0x7c87, 0xc1d04330},
    {"abc", 0x32d153ff, 0x44bc2cf5ad770999, 0xbea9ca8199328908, 0x1a47e90b, 0xe71fa2190541574b,
     0xb3dd93fa, 0xb4963f3f3fad7867, 0x3ba2744126ca2d52, 0x9dd6, 0x364b3fb7},
    {"foobar", 0xeda34aaf, 0xa2aa05ed9085aaf9, 0xf83230d70d4ca00e, 0xbf9cf968, 0x85944171f73967e8,
     0xa4c4d4bd, 0xbdd2ae7116c85a45, 0x74a255e0baf8d6af, 0xb025, 0x0d5f5c7f},
    {"123456789", 0x937bad67, 0x8cb841db40e6ae83, 0x1a4cc2c9e8079790, 0xbb86b11c,
     0x06d5573923c6cdfc, 0xb4fef382, 0x3c84645edb66cca4, 0x99f8fac73a1ea105, 0x31c3, 0xe3069283},
    {"The quick brown fox jumps over the lazy dog", 0xe85ea4de, 0x0b242d361fda71bc,
     0xdf5091b6dad2c6db, 0x048fff90, 0xf3f9b7f5e7e47110, 0x2e4ff723, 0xe34bbc7bbc071b6c,
     0x7a433ca9c49a9347, 0xf0c8, 0x22620404},
    {"key-0", 0x8143042f, 0x12daf06715ffa373, 0xdc494360fbbe5f96, 0x58e035d9, 0x71135bf295f28059,
     0xe337f8bf, 0xcaa56e2e1cfe5b91, 0xb4e4c67c908bb009, 0x10c4, 0x7afcf8d2},
};

TEST(KeyHash, AgreesWithTheReferenceImplementations) {
  for (const Vector& vector : kVectors) {
    SCOPED_TRACE(vector.input);
    EXPECT_EQ(xxh32(vector.input), vector.xxh32);
    EXPECT_EQ(find_key_hash("xxh64")->of(vector.input, 0), vector.xxh64);
    EXPECT_EQ(find_key_hash("xxh64")->of(vector.input, 1), vector.xxh64_seed1);
    EXPECT_EQ(fnv1a32(vector.input), vector.fnv1a32);
    EXPECT_EQ(fnv1a64(vector.input), vector.fnv1a64);
    EXPECT_EQ(murmur3_32(vector.input), vector.murmur3_32);
    EXPECT_EQ(murmur3_128(vector.input)[0], vector.murmur3_h1);
    EXPECT_EQ(murmur3_128(vector.input)[1], vector.murmur3_h2);
    EXPECT_EQ(crc16(vector.input), vector.crc16);
    EXPECT_EQ(crc32c(vector.input), vector.crc32c);
  }
}

TEST(KeyHash, SipHashAgreesWithThePublishedVectors) {
  std::string input;
  for (int i = 0; i < 63; ++i) input.push_back(static_cast<char>(i));
  const auto of = [&](std::size_t length, int rounds, int last_rounds) {
    return siphash(std::string_view(input).substr(0, length), {}, rounds, last_rounds);
  };
  EXPECT_EQ(of(0, 2, 4), 0x726fdb47dd0e0e31u);
  EXPECT_EQ(of(1, 2, 4), 0x74f839c593dc67fdu);
  EXPECT_EQ(of(7, 2, 4), 0xab0200f58b01d137u);
  EXPECT_EQ(of(8, 2, 4), 0x93f5f5799a932462u);
  EXPECT_EQ(of(15, 2, 4), 0xa129ca6149be45e5u);
  EXPECT_EQ(of(63, 2, 4), 0x958a324ceb064572u);
  EXPECT_EQ(of(0, 1, 3), 0xabac0158050fc4dcu);
  EXPECT_EQ(of(1, 1, 3), 0xc9f49bf37d57ca93u);
  EXPECT_EQ(of(15, 1, 3), 0xd320d86d2a519956u);
}

TEST(KeyHash, Murmur2AgreesWithKafka) {
  const auto of = [](std::string_view text) { return static_cast<std::int32_t>(murmur2(text)); };
  EXPECT_EQ(of("21"), -973932308);
  EXPECT_EQ(of("foobar"), -790332482);
  EXPECT_EQ(of("a-little-bit-long-string"), -985981536);
  EXPECT_EQ(of("a-little-bit-longer-string"), -1486304829);
  EXPECT_EQ(of("lkjh234lh9fiuh90y23oiuhsafujhadof229phr9h19h89h8"), -58897971);
  EXPECT_EQ(of("abc"), 479470107);
}

/// Of the suite of RFC 1321, appendix A.5.
TEST(Md5, AgreesWithThePublishedVectors) {
  const auto hex = [](std::string_view text) {
    std::string digits;
    for (const std::uint8_t byte : md5(text)) digits += fmt::format("{:02x}", byte);
    return digits;
  };
  EXPECT_EQ(hex(""), "d41d8cd98f00b204e9800998ecf8427e");
  EXPECT_EQ(hex("abc"), "900150983cd24fb0d6963f7d28e17f72");
  EXPECT_EQ(hex("message digest"), "f96b697d7cb7938d525a2f31aaf161d0");
  EXPECT_EQ(hex("123456789012345678901234567890123456789012345678901234567890123456789012345678"
                "90"),
            "57edf4a22be3c955ac49da2e2107b67a");
}

/// SMHasher's code of a hash: the hashes of 00, 00 01, ... of 0 to 255 bytes with seeds 256 to 1,
/// hashed together.
TEST(KeyHash, HasTheVerificationCodesOfSmHasher) {
  const auto code = [](const auto& hash) {
    std::string input;
    std::string hashes;
    for (std::uint32_t length = 0; length < 256; ++length) {
      hashes += hash(input, 256 - length);
      input.push_back(static_cast<char>(length));
    }
    const std::string last = hash(hashes, 0u);
    std::uint32_t first_bytes = 0;
    for (int i = 0; i < 4; ++i) {
      first_bytes |= std::uint32_t{static_cast<unsigned char>(last[i])} << (8 * i);
    }
    return first_bytes;
  };
  const auto append = [](std::string& text, std::uint64_t word, int bytes) {
    for (int i = 0; i < bytes; ++i) text.push_back(static_cast<char>(word >> (8 * i)));
  };
  EXPECT_EQ(code([&](std::string_view bytes, std::uint32_t seed) {
              std::string out;
              append(out, murmur3_32(bytes, seed), 4);
              return out;
            }),
            0xB0F57EE3u);
  EXPECT_EQ(code([&](std::string_view bytes, std::uint32_t seed) {
              std::string out;
              append(out, xxh32(bytes, seed), 4);
              return out;
            }),
            0xBA88B743u);
  EXPECT_EQ(code([&](std::string_view bytes, std::uint32_t seed) {
              std::string out;
              for (const std::uint64_t half : murmur3_128(bytes, seed)) append(out, half, 8);
              return out;
            }),
            0x6384BA69u);
  EXPECT_EQ(code([&](std::string_view bytes, std::uint32_t seed) {
              std::string out;
              append(out, find_key_hash("xxh64")->of(bytes, seed), 8);
              return out;
            }),
            0x024B7CF4u);
}

TEST(KeyHash, GivesEverySeedAnotherHashInBothHalves) {
  for (const KeyHash& hash : key_hashes()) {
    std::set<std::uint64_t> upper;
    std::set<std::uint64_t> lower;
    for (std::uint64_t seed = 0; seed < 50; ++seed) {
      upper.insert(hash.of("key-1", seed) >> 32);
      lower.insert(hash.of("key-1", seed) & 0xffffffff);
    }
    EXPECT_EQ(upper.size(), 50u) << hash.name;
    EXPECT_EQ(lower.size(), 50u) << hash.name;
  }
}

}  // namespace
}  // namespace shardproof::distribution
