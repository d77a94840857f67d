// SPDX-License-Identifier: Apache-2.0
#include "core/distribution/keys/hash/siphash.hpp"

#include <bit>

#include "core/distribution/keys/hash/bytes.hpp"

namespace shardproof::distribution {
namespace {

class SipState {
 public:
  explicit SipState(SipKey key)
      : v0_(0x736f6d6570736575u ^ key.low),
        v1_(0x646f72616e646f6du ^ key.high),
        v2_(0x6c7967656e657261u ^ key.low),
        v3_(0x7465646279746573u ^ key.high) {}

  void compress(std::uint64_t word, int rounds) {
    v3_ ^= word;
    mix(rounds);
    v0_ ^= word;
  }
  std::uint64_t finish(int rounds) {
    v2_ ^= 0xff;
    mix(rounds);
    return v0_ ^ v1_ ^ v2_ ^ v3_;
  }

 private:
  void mix(int rounds) {
    for (; rounds > 0; --rounds) {
      v0_ += v1_;
      v1_ = std::rotl(v1_, 13) ^ v0_;
      v0_ = std::rotl(v0_, 32);
      v2_ += v3_;
      v3_ = std::rotl(v3_, 16) ^ v2_;
      v0_ += v3_;
      v3_ = std::rotl(v3_, 21) ^ v0_;
      v2_ += v1_;
      v1_ = std::rotl(v1_, 17) ^ v2_;
      v2_ = std::rotl(v2_, 32);
    }
  }

  std::uint64_t v0_;
  std::uint64_t v1_;
  std::uint64_t v2_;
  std::uint64_t v3_;
};

}  // namespace

std::uint64_t siphash(std::string_view bytes, SipKey key, int rounds, int last_rounds) {
  SipState state(key);
  const std::size_t whole = bytes.size() / 8 * 8;
  for (std::size_t i = 0; i < whole; i += 8) {
    state.compress(little_endian<std::uint64_t>(bytes, i), rounds);
  }
  const auto rest = little_endian<std::uint64_t>(bytes, whole, bytes.size() - whole);
  state.compress(rest | std::uint64_t{bytes.size()} << 56, rounds);
  return state.finish(last_rounds);
}

}  // namespace shardproof::distribution
