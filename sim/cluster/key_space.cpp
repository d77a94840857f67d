// SPDX-License-Identifier: Apache-2.0
#include "sim/cluster/key_space.hpp"

#include <algorithm>
#include <bit>

#include "core/base/fixed_math.hpp"
#include "core/base/stable_hash.hpp"
#include "core/shard_key.hpp"

namespace shardproof::sim {
namespace {

constexpr const char* kKeyField = "_key";

/// Neighbouring ranks land on keys far apart. A bijection of [0, count): one of the next power of
/// two (odd multiplication and a shifted xor are bijections of it), walked until it lands inside.
std::uint64_t scatter(std::uint64_t rank, std::uint64_t count) {
  const int bits = std::max(64 - std::countl_zero(count - 1), 1);
  const std::uint64_t mask = bits == 64 ? ~std::uint64_t{0} : (std::uint64_t{1} << bits) - 1;
  std::uint64_t key = rank;
  do {
    key = (key * 0x9e3779b97f4a7c15u) & mask;
    key ^= key >> ((bits + 1) / 2);
    key = (key * 0xbf58476d1ce4e5b9u) & mask;
  } while (key >= count);
  return key;
}

/// "k" and the number in ten digits, or in as many as it has. By hand: each request makes one.
std::string numbered_key(std::uint64_t number) {
  constexpr std::size_t kDigits = 10;
  std::string key(1 + kDigits, '0');
  key.front() = 'k';
  std::uint64_t rest = number;
  for (std::size_t at = kDigits; at > 0; --at, rest /= 10) {
    key[at] = static_cast<char>('0' + rest % 10);
  }
  return rest == 0 ? key : fmt::format("k{}", number);
}

}  // namespace

KeySpace::KeySpace(const CollectionSpec& spec, const CollectionConfig& config)
    : config_(config), fields_(spec.shard_key), count_(spec.documents) {}

void KeySpace::follow(const ShardTable& table) {
  const CollectionConfig* serving = table.find_serving_collection(config_.id);
  if (serving != nullptr && serving->id != config_.id) config_ = *serving;
}

DocumentRef KeySpace::build(std::string key, std::uint64_t number, Bytes size,
                            std::uint64_t content) const {
  auto* document = new Document;
  document->key = std::move(key);
  document->size = size;
  document->content = content;
  std::uint64_t position = 0;
  for (const std::string& field : fields_) {
    if (field == kKeyField) continue;
    if (position % 2 == 0) {
      document->fields.push_back({field, fmt::format("{}-{}", field, number / 4)});
    } else {
      document->fields.push_back({field, static_cast<std::int64_t>(number % 10)});
    }
    position += 1;
  }
  return DocumentRef(document);
}

DocumentRef KeySpace::make(std::uint64_t index, Bytes size, std::uint64_t content) const {
  return build(numbered_key(index), index, size, content);
}

DocumentRef KeySpace::make(std::string_view text, Bytes size, std::uint64_t content) const {
  return build(std::string(text), stable_hash(text) % 1'000'000, size, content);
}

DocumentRef KeySpace::make_unroutable(std::uint64_t index, std::uint64_t content) const {
  auto* document = new Document;
  if (fields_.front() != kKeyField) document->key = numbered_key(index);
  document->size = Bytes(64);
  document->content = content;
  return DocumentRef(document);
}

ShardId KeySpace::shard_of(std::uint64_t index) const {
  const auto shard = route(config_, *make(index, Bytes(0), 0));
  SHARDPROOF_CHECK(shard.has_value());
  return *shard;
}

KeyChooser::KeyChooser(const KeyChoice& choice, std::uint64_t keys) : choice_(choice) {
  const bool ranked =
      choice.kind == KeyChoice::Kind::kZipf || choice.kind == KeyChoice::Kind::kLatest;
  if (!ranked) return;
  constexpr std::uint64_t kRanksMin = 1000;
  const std::uint64_t ranks = std::max(keys, kRanksMin);
  cumulative_.reserve(ranks);
  std::uint64_t sum = 0;
  for (std::uint64_t rank = 1; rank <= ranks; ++rank) {
    // rank^-s = 2^(-s log2 rank)
    const Int128 scaled = static_cast<Int128>(log2_q32(rank)) *
                          static_cast<Int128>(choice.exponent.numerator()) /
                          static_cast<Int128>(choice.exponent.denominator());
    sum += std::max<std::uint64_t>(exp2_q32(-static_cast<std::int64_t>(scaled)), 1);
    cumulative_.push_back(sum);
  }
}

std::uint64_t KeyChooser::zipf_rank(Random& random) const {
  const std::uint64_t draw = random.below(cumulative_.back());
  const auto it = std::upper_bound(cumulative_.begin(), cumulative_.end(), draw);
  return static_cast<std::uint64_t>(it - cumulative_.begin());
}

std::uint64_t KeyChooser::choose(std::uint64_t count, Nanoseconds elapsed, Random& random) const {
  switch (choice_.kind) {
    case KeyChoice::Kind::kUniform: return random.below(count);
    case KeyChoice::Kind::kZipf: return count == 1 ? 0 : scatter(zipf_rank(random) % count, count);
    case KeyChoice::Kind::kLatest: return count - 1 - zipf_rank(random) % count;
    case KeyChoice::Kind::kHotspot: {
      const std::uint64_t width = std::max<std::uint64_t>(choice_.keys.of(count), 1);
      const bool hot = random.chance(choice_.requests);
      if (!hot) return random.below(count);
      const std::int64_t every = choice_.moves_every.count();
      const auto moves = static_cast<std::uint64_t>(every == 0 ? 0 : elapsed.count() / every);
      const std::uint64_t first =
          static_cast<std::uint64_t>(static_cast<UInt128>(moves) * width % count);
      return (first + random.below(width)) % count;
    }
  }
  return 0;
}

}  // namespace shardproof::sim
