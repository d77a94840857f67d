// SPDX-License-Identifier: Apache-2.0
#include "sim/input/json_records.hpp"

#include <algorithm>
#include <cstddef>
#include <iterator>
#include <utility>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

namespace shardproof::sim {
namespace {

constexpr std::size_t kLevelsMax = 16;
constexpr std::size_t kShownMax = 40;
/// No format has as many; looking for one that is there twice takes as long as there are.
constexpr std::size_t kKeysMax = 1000;

/// The characters of a source as the parser wants them, counting lines on the way. The parser looks
/// one character ahead, so a value's line is that of the last character that is not white.
struct Characters {
  TextSource source;
  std::uint64_t line = 1;
  std::uint64_t line_of_token = 1;

  void advance() {
    const std::optional<char> c = source.next();
    if (c == '\n') {
      ++line;
    } else if (c != ' ' && c != '\t' && c != '\r') {
      line_of_token = line;
    }
  }
};

class CharacterIterator {
 public:
  using iterator_category = std::input_iterator_tag;
  using value_type = char;
  using difference_type = std::ptrdiff_t;
  using pointer = const char*;
  using reference = char;

  CharacterIterator() = default;
  explicit CharacterIterator(Characters& characters) : characters_(&characters) {}

  char operator*() const { return *characters_->source.peek(); }
  CharacterIterator& operator++() {
    characters_->advance();
    return *this;
  }
  CharacterIterator operator++(int) {
    const CharacterIterator before = *this;
    ++*this;
    return before;
  }
  friend bool operator==(const CharacterIterator& a, const CharacterIterator& b) {
    return a.is_at_end() == b.is_at_end();
  }
  friend bool operator!=(const CharacterIterator& a, const CharacterIterator& b) {
    return !(a == b);
  }

 private:
  bool is_at_end() const { return characters_ == nullptr || !characters_->source.peek(); }

  Characters* characters_ = nullptr;
};

/// Receives the parser's events; the names of its functions are the library's.
class RecordHandler {
 public:
  RecordHandler(const Characters& characters, const JsonRecordSink& record,
                const JsonRecordSink& member)
      : characters_(characters), record_(record), member_(member) {}

  bool null() { return add(JsonValue{}); }
  bool boolean(bool truth) {
    JsonValue value;
    value.kind = JsonValue::Kind::kBoolean;
    value.truth = truth;
    return add(std::move(value));
  }
  bool number_integer(std::int64_t number) { return add_number(fmt::format("{}", number)); }
  bool number_unsigned(std::uint64_t number) {
    JsonValue value;
    value.kind = JsonValue::Kind::kWhole;
    value.whole = number;
    return add(std::move(value));
  }
  bool number_float(double, const std::string& written) { return add_number(written); }
  bool string(std::string& text) {
    JsonValue value;
    value.kind = JsonValue::Kind::kText;
    value.text = std::move(text);
    return add(std::move(value));
  }
  bool binary(const std::vector<std::uint8_t>&) { return stop("a binary value"); }

  bool start_object(std::size_t) { return open(JsonValue::Kind::kObject); }
  bool end_object() { return close(); }
  bool start_array(std::size_t) { return open(JsonValue::Kind::kList); }
  bool end_array() { return close(); }
  bool key(std::string& name) {
    std::vector<std::string>& keys = open_.back().keys;
    if (std::find(keys.begin(), keys.end(), name) != keys.end()) {
      return stop(fmt::format("\"{}\" is there twice", name));
    }
    if (keys.size() == kKeysMax) {
      return stop(fmt::format("an object of more than {} members", kKeysMax));
    }
    keys.push_back(std::move(name));
    return true;
  }
  bool parse_error(std::size_t, const std::string& token, const nlohmann::json::exception& error) {
    if (std::string_view(error.what()).find("unexpected end of input") != std::string_view::npos) {
      return stop("not JSON: it ends too early");
    }
    // The parser shows what it has read so far, with line ends and the like as <U+000A>.
    const std::size_t before = token.find_last_of(" >");
    const std::string last = before == std::string::npos ? token : token.substr(before + 1);
    return stop(fmt::format("not JSON: \"{}\" is not expected here", last.substr(0, kShownMax)));
  }

  const std::string& reason() const { return reason_; }
  std::uint64_t line() const { return line_; }

 private:
  /// A value within an element of a list that is not within another one.
  bool is_in_record() const { return lists_ > 0; }

  bool add_number(std::string written) {
    JsonValue value;
    value.kind = JsonValue::Kind::kNumber;
    value.text = std::move(written);
    return add(std::move(value));
  }

  bool open(JsonValue::Kind kind) {
    if (open_.size() == kLevelsMax) return stop(fmt::format("more than {} levels", kLevelsMax));
    JsonValue value;
    value.kind = kind;
    if (kind == JsonValue::Kind::kList) ++lists_;
    open_.push_back(std::move(value));
    return true;
  }

  bool close() {
    JsonValue value = std::move(open_.back());
    open_.pop_back();
    if (value.kind == JsonValue::Kind::kList) --lists_;
    // Its elements or members have been handed over one by one.
    if (!is_in_record()) return true;
    return add(std::move(value));
  }

  bool add(JsonValue value) {
    value.line = characters_.line_of_token;
    if (!is_in_record()) return hand_over(member_, value);
    if (lists_ == 1 && open_.back().kind == JsonValue::Kind::kList)
      return hand_over(record_, value);
    open_.back().values.push_back(std::move(value));
    return true;
  }

  bool hand_over(const JsonRecordSink& sink, const JsonValue& value) {
    std::string path;
    for (const JsonValue& parent : open_) {
      if (parent.kind == JsonValue::Kind::kList) break;
      if (!path.empty()) path += '.';
      path += parent.keys.back();
    }
    const auto reason = sink(path, value);
    return !reason || stop(*reason, value.line);
  }

  bool stop(std::string reason) { return stop(std::move(reason), characters_.line_of_token); }
  bool stop(std::string reason, std::uint64_t line) {
    reason_ = std::move(reason);
    line_ = line;
    return false;
  }

  const Characters& characters_;
  const JsonRecordSink& record_;
  const JsonRecordSink& member_;
  std::vector<JsonValue> open_;  ///< objects and lists that have begun, from the top
  std::size_t lists_ = 0;        ///< of them
  std::string reason_;
  std::uint64_t line_ = 0;
};

}  // namespace

const JsonValue* JsonValue::find(std::string_view key) const {
  for (std::size_t i = 0; i < keys.size(); ++i) {
    if (keys[i] == key) return &values[i];
  }
  return nullptr;
}

std::string_view to_string(JsonValue::Kind kind) {
  switch (kind) {
    case JsonValue::Kind::kNull: return "null";
    case JsonValue::Kind::kBoolean: return "a boolean";
    case JsonValue::Kind::kWhole: return "a whole number";
    case JsonValue::Kind::kNumber: return "a number";
    case JsonValue::Kind::kText: return "a text";
    case JsonValue::Kind::kList: return "a list";
    case JsonValue::Kind::kObject: return "an object";
  }
  return "?";
}

namespace {

Result<void, InputError> read(Characters characters, bool is_whole_file,
                              const JsonRecordSink& record, const JsonRecordSink& member) {
  RecordHandler handler(characters, record, member);
  const bool complete =
      nlohmann::json::sax_parse(CharacterIterator(characters), CharacterIterator(), &handler,
                                nlohmann::json::input_format_t::json, is_whole_file);
  if (auto error = characters.source.failure()) return {Unexpected<InputError>{*error}};
  if (complete) return {};
  return {Unexpected<InputError>{
      {InputError::Kind::kMalformed, characters.source.file(), handler.line(), handler.reason()}}};
}

}  // namespace

Result<void, InputError> read_json_records(const std::string& file, const JsonRecordSink& record,
                                           const JsonRecordSink& member) {
  auto source = TextSource::open(file);
  if (!source) return {Unexpected<InputError>{source.error()}};
  return read(Characters{std::move(*source)}, true, record, member);
}

Result<void, InputError> read_json_value(TextSource source, std::uint64_t line,
                                         const JsonRecordSink& record,
                                         const JsonRecordSink& member) {
  return read(Characters{std::move(source), line, line}, false, record, member);
}

}  // namespace shardproof::sim
