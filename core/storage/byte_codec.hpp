// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string_view>
#include <type_traits>

namespace shardproof::storage {

/// The word as its little-endian bytes, or back.
template <typename Word>
constexpr Word little_endian(Word word) {
  static_assert(std::is_unsigned_v<Word>);
  if constexpr (std::endian::native == std::endian::little || sizeof(Word) == 1) {
    return word;
  } else {
    Word swapped = 0;
    for (std::size_t byte = 0; byte < sizeof(Word); ++byte) {
      swapped = static_cast<Word>(swapped << 8 | (word >> (8 * byte) & 0xff));
    }
    return swapped;
  }
}

/// Counts what a ByteWriter would write, so that one encoder serves for both.
class ByteCounter {
 public:
  template <typename Word>
  void word(Word) {
    count_ += sizeof(Word);
  }
  void text(std::string_view text) { count_ += sizeof(std::uint32_t) + text.size(); }

  std::size_t count() const { return count_; }

 private:
  std::size_t count_ = 0;
};

/// Writes unsigned words (little-endian) and length-prefixed texts to memory that has the room.
class ByteWriter {
 public:
  explicit ByteWriter(char* begin) : at_(begin) {}

  template <typename Word>
  void word(Word word) {
    const Word bytes = little_endian(word);
    std::memcpy(at_, &bytes, sizeof(Word));
    at_ += sizeof(Word);
  }
  void text(std::string_view text) {
    word(static_cast<std::uint32_t>(text.size()));
    std::memcpy(at_, text.data(), text.size());
    at_ += text.size();
  }

  const char* position() const { return at_; }

 private:
  char* at_;
};

/// Reads what a ByteWriter wrote. Reading beyond the end yields zeros and empty texts and is
/// remembered: look at `is_exact` when all is read.
class ByteReader {
 public:
  explicit ByteReader(std::string_view bytes) : left_(bytes) {}

  template <typename Word>
  Word word() {
    Word bytes = 0;
    const std::string_view taken = take(sizeof(Word));
    if (!taken.empty()) std::memcpy(&bytes, taken.data(), sizeof(Word));
    return little_endian(bytes);
  }
  std::string_view text() { return take(word<std::uint32_t>()); }

  std::size_t left() const { return left_.size(); }
  /// Nothing was missing so far.
  bool is_good() const { return good_; }
  /// Nothing was missing and nothing is left.
  bool is_exact() const { return good_ && left_.empty(); }

 private:
  std::string_view take(std::size_t size) {
    if (size > left_.size()) {
      good_ = false;
      left_ = {};
      return {};
    }
    const std::string_view taken = left_.substr(0, size);
    left_.remove_prefix(size);
    return taken;
  }

  std::string_view left_;
  bool good_ = true;
};

}  // namespace shardproof::storage
