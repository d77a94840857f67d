// SPDX-License-Identifier: Apache-2.0
#include "sim/input/text_source.hpp"

#include <cerrno>
#include <cstring>
#include <utility>

#include <fmt/format.h>
#include <zlib.h>

namespace shardproof::sim {
namespace {

constexpr std::size_t kBufferBytes = std::size_t{1} << 16;

gzFile gzip(void* handle) { return static_cast<gzFile>(handle); }

}  // namespace

void TextSource::CloseFile::operator()(void* file) const { gzclose(gzip(file)); }

TextSource::TextSource(std::string file, void* handle)
    : file_(std::move(file)), handle_(handle), buffer_(kBufferBytes) {}

Result<TextSource, InputError> TextSource::open(const std::string& file) {
  errno = 0;
  // zlib hands plain files through as they are.
  gzFile handle = gzopen(file.c_str(), "rb");
  if (handle == nullptr) {
    return {Unexpected<InputError>{{InputError::Kind::kUnreadable, file, 0,
                                    fmt::format("cannot open: {}", std::strerror(errno))}}};
  }
  return TextSource(file, handle);
}

std::optional<InputError> TextSource::failure() const {
  if (failure_.empty()) return std::nullopt;
  const auto kind = corrupt_ ? InputError::Kind::kMalformed : InputError::Kind::kUnreadable;
  return InputError{kind, file_, 0, fmt::format("cannot read on: {}", failure_)};
}

bool TextSource::refill() {
  if (!failure_.empty()) return false;
  errno = 0;
  const int read =
      gzread(gzip(handle_.get()), buffer_.data(), static_cast<unsigned>(buffer_.size()));
  const int system_error = errno;
  int code = Z_OK;
  const char* text = gzerror(gzip(handle_.get()), &code);
  if (read < 0 || (code != Z_OK && code != Z_STREAM_END)) {
    corrupt_ = code != Z_ERRNO;
    failure_ = corrupt_ ? text : std::strerror(system_error);
  }
  position_ = 0;
  size_ = read > 0 && failure_.empty() ? static_cast<std::size_t>(read) : 0;
  return size_ > 0;
}

std::optional<char> first_that_is_not_white(TextSource& source) {
  std::optional<char> c = source.peek();
  while (c == ' ' || c == '\n' || c == '\r' || c == '\t') {
    source.next();
    c = source.peek();
  }
  return c;
}

}  // namespace shardproof::sim
