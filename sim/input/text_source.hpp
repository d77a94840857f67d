// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "core/base/result.hpp"
#include "sim/input/input_error.hpp"

namespace shardproof::sim {

/// The characters of a file, plain or compressed with gzip, through a buffer of 64 KiB.
class TextSource {
 public:
  static Result<TextSource, InputError> open(const std::string& file);

  const std::string& file() const { return file_; }
  /// The next character without taking it, or nothing at the end or on an error (see `failure`).
  std::optional<char> peek() {
    if (position_ == size_ && !refill()) return std::nullopt;
    return buffer_[position_];
  }
  /// Takes and returns it.
  std::optional<char> next() {
    const std::optional<char> c = peek();
    if (c) ++position_;
    return c;
  }
  /// Why there is nothing more, if it is not the end of the file.
  std::optional<InputError> failure() const;

 private:
  struct CloseFile {
    void operator()(void* file) const;
  };

  TextSource(std::string file, void* handle);
  bool refill();

  std::string file_;
  std::unique_ptr<void, CloseFile> handle_;
  std::vector<char> buffer_;
  std::size_t position_ = 0;
  std::size_t size_ = 0;
  std::string failure_;
  bool corrupt_ = false;  ///< the compressed content, not the device
};

/// Takes white space, and looks at what comes after it; nothing at the end.
std::optional<char> first_that_is_not_white(TextSource& source);

}  // namespace shardproof::sim
