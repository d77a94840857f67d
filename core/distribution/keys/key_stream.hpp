// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/result.hpp"
#include "core/distribution/keys/key_hash.hpp"
#include "core/distribution/keys/key_map.hpp"

namespace shardproof::distribution {

/// The bytes of keys: a text with one `%d` in it, which stands for the key's number in decimal.
class KeyFormat {
 public:
  /// Fails if there is not exactly one `%d`.
  static Result<KeyFormat> parse(std::string_view text);

  const std::string& before() const { return before_; }
  const std::string& after() const { return after_; }

 private:
  std::string before_;
  std::string after_;
};

/// The keys number 0, 1, ... of a format, in batches, with their hashes by `hash`, a function of
/// `key_hashes`.
class KeyStream {
 public:
  static constexpr std::size_t kBatchKeys = 1024;

  KeyStream(KeyFormat format, std::uint64_t count, std::uint64_t seed,
            const KeyHash& hash = key_hashes().front())
      : format_(std::move(format)), count_(count), seed_(seed), hash_(hash) {}

  /// The next keys, at most kBatchKeys; empty at the end. They are good until the next call.
  std::span<const Key> next();

 private:
  KeyFormat format_;
  std::uint64_t count_;
  std::uint64_t seed_;
  KeyHash hash_;
  std::uint64_t made_ = 0;
  std::string text_;
  std::vector<std::size_t> ends_;
  std::vector<Key> keys_;
};

}  // namespace shardproof::distribution
