// SPDX-License-Identifier: Apache-2.0
#include "core/distribution/keys/key_stream.hpp"

#include <algorithm>

#include <fmt/format.h>

namespace shardproof::distribution {

Result<KeyFormat> KeyFormat::parse(std::string_view text) {
  constexpr std::string_view kNumber = "%d";
  const std::size_t place = text.find(kNumber);
  if (place == std::string_view::npos ||
      text.find(kNumber, place + kNumber.size()) != std::string_view::npos) {
    return fail("'{}' has not exactly one %d, which stands for the key's number", text);
  }
  KeyFormat format;
  format.before_ = text.substr(0, place);
  format.after_ = text.substr(place + kNumber.size());
  return format;
}

std::span<const Key> KeyStream::next() {
  text_.clear();
  ends_.clear();
  keys_.clear();
  const std::uint64_t end = std::min<std::uint64_t>(count_, made_ + kBatchKeys);
  for (; made_ < end; ++made_) {
    const fmt::format_int number(made_);
    text_ += format_.before();
    text_.append(number.data(), number.size());
    text_ += format_.after();
    ends_.push_back(text_.size());
  }
  std::size_t begin = 0;
  for (const std::size_t key_end : ends_) {
    const std::string_view bytes = std::string_view(text_).substr(begin, key_end - begin);
    keys_.push_back({bytes, hash_.of(bytes, seed_)});
    begin = key_end;
  }
  return keys_;
}

}  // namespace shardproof::distribution
