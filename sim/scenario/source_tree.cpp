// SPDX-License-Identifier: Apache-2.0
#include "sim/scenario/source_tree.hpp"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <tuple>

#include <fmt/format.h>
#include <toml++/toml.h>

namespace shardproof::sim {
namespace {

SourcePosition position_of(const toml::source_region& region) {
  SourcePosition at{region.begin.line, region.begin.column, 1};
  if (region.end.line == region.begin.line && region.end.column > region.begin.column) {
    at.length = region.end.column - region.begin.column;
  }
  return at;
}

/// The shortest decimal that reads as the same number, so that 0.6 means six tenths exactly.
std::string decimal_text(double number) {
  if (!std::isfinite(number)) return std::isnan(number) ? "nan" : "inf";
  char buffer[512];
  const auto end = std::to_chars(buffer, buffer + sizeof buffer, number, std::chars_format::fixed);
  return std::string(buffer, end.ptr);
}

/// The key at the begin of a line `key = value`, with its place.
SourcePosition key_of_line(std::string_view line, std::uint32_t number) {
  const std::size_t begin = std::min(line.find_first_not_of(" \t["), line.size());
  const std::size_t end = std::min(line.find_first_of(" \t=]", begin), line.size());
  return {number, static_cast<std::uint32_t>(begin + 1),
          static_cast<std::uint32_t>(std::max<std::size_t>(1, end - begin))};
}

/// What stands on a line after its first `=`, without a comment; empty if nothing does.
std::string_view value_of_line(std::string_view line) {
  const std::size_t equals = std::min(line.find('='), line.size());
  line.remove_prefix(std::min(equals + 1, line.size()));
  line = line.substr(0, line.find('#'));
  line.remove_prefix(std::min(line.find_first_not_of(" \t"), line.size()));
  return line.substr(0, line.find_last_not_of(" \t\r") + 1);
}

bool is_whole_number(std::string_view value) {
  const std::size_t sign = value.front() == '-' || value.front() == '+' ? 1 : 0;
  return value.size() > sign &&
         value.find_first_not_of("0123456789_", sign) == std::string_view::npos;
}

bool key_is_seed(std::string_view line) {
  const SourcePosition key = key_of_line(line, 1);
  return line.substr(key.column - 1, key.length) == "seed";
}

/// Says what the commonest mistakes are in words of a scenario rather than of a parser.
void report_syntax(const toml::parse_error& error, Diagnostics& diagnostics) {
  const std::string_view what = error.description();
  const SourcePosition at = position_of(error.source());
  const std::string_view line = diagnostics.line(at.line);
  const auto says = [what](std::string_view part) { return what.find(part) != what.npos; };
  if (says("unescaped control characters")) {
    return diagnostics.error(at, "the text is not closed on its line", "add the closing quote");
  }
  if (says("cannot redefine existing")) {
    const SourcePosition key = key_of_line(line, at.line);
    return diagnostics.error(
        key, fmt::format("\"{}\" is there twice", line.substr(key.column - 1, key.length)));
  }
  const std::string_view value = value_of_line(line);
  const bool is_bare =
      at.column > line.find('=') && !value.empty() && value.find_first_of("\"'[]{}") == value.npos;
  if (is_bare && is_whole_number(value)) {
    const auto column = static_cast<std::uint32_t>(line.find(value, line.find('=')) + 1);
    return diagnostics.error(
        {at.line, column, static_cast<std::uint32_t>(value.size())},
        value.front() == '-' ? "too far below zero" : "too large, at most 9223372036854775807",
        key_is_seed(line) ? "a seed above that stands in quotes, up to 2^64-1" : "");
  }
  if (is_bare) {
    return diagnostics.error(at, fmt::format("not a value: {}", value),
                             fmt::format("a text stands in quotes, write \"{}\"", value));
  }
  if (says("invalid utf-8")) return diagnostics.error(at, "not a text in UTF-8");
  if (says("nested value depth")) return diagnostics.error(at, "too many levels of brackets");
  // "Error while parsing table header: expected ']', saw '\n'"
  constexpr std::string_view kLead = "Error while parsing ";
  diagnostics.error(at, std::string(what.substr(what.starts_with(kLead) ? kLead.size() : 0)));
}

SourceNode convert(const toml::node& node);

void convert_members(const toml::table& table, SourceNode& result) {
  for (const auto& [key, value] : table) {
    result.members.push_back({std::string(key.str()), position_of(key.source()), convert(value)});
  }
  std::sort(result.members.begin(), result.members.end(),
            [](const SourceMember& a, const SourceMember& b) {
              return std::tie(a.key_at.line, a.key_at.column, a.key) <
                     std::tie(b.key_at.line, b.key_at.column, b.key);
            });
}

SourceNode convert(const toml::node& node) {
  SourceNode result;
  result.at = position_of(node.source());
  switch (node.type()) {
    case toml::node_type::string:
      result.kind = SourceNode::Kind::kString;
      result.text = node.as_string()->get();
      break;
    case toml::node_type::integer:
      result.kind = SourceNode::Kind::kInteger;
      result.integer = node.as_integer()->get();
      break;
    case toml::node_type::floating_point:
      result.kind = SourceNode::Kind::kReal;
      result.text = decimal_text(node.as_floating_point()->get());
      break;
    case toml::node_type::boolean:
      result.kind = SourceNode::Kind::kBoolean;
      result.boolean = node.as_boolean()->get();
      break;
    case toml::node_type::array:
      result.kind = SourceNode::Kind::kArray;
      for (const toml::node& item : *node.as_array()) result.items.push_back(convert(item));
      break;
    case toml::node_type::table:
      result.kind = SourceNode::Kind::kTable;
      convert_members(*node.as_table(), result);
      break;
    default: result.kind = SourceNode::Kind::kDate; break;
  }
  return result;
}

}  // namespace

const SourceNode* SourceNode::find(std::string_view key) const {
  for (const SourceMember& member : members) {
    if (member.key == key) return &member.value;
  }
  return nullptr;
}

std::string_view kind_name(SourceNode::Kind kind) {
  switch (kind) {
    case SourceNode::Kind::kString: return "a text";
    case SourceNode::Kind::kInteger: return "a whole number";
    case SourceNode::Kind::kReal: return "a number";
    case SourceNode::Kind::kBoolean: return "true or false";
    case SourceNode::Kind::kDate: return "a date";
    case SourceNode::Kind::kArray: return "an array";
    case SourceNode::Kind::kTable: return "a table";
  }
  return {};
}

std::optional<SourceNode> parse_source(std::string_view text, Diagnostics& diagnostics) {
  try {
    return convert(toml::parse(text));
  } catch (const toml::parse_error& error) {
    report_syntax(error, diagnostics);
    return std::nullopt;
  }
}

SourcePosition position_in(const SourceNode& node, std::size_t offset,
                           const Diagnostics& diagnostics) {
  const std::string_view line = diagnostics.line(node.at.line);
  if (node.kind != SourceNode::Kind::kString) return node.at;
  const std::string written = fmt::format("\"{0}\"", node.text);
  const std::string literal = fmt::format("'{0}'", node.text);
  const std::size_t quoted = node.at.column - 1;
  const bool plain =
      line.size() >= quoted && (line.substr(quoted).substr(0, written.size()) == written ||
                                line.substr(quoted).substr(0, literal.size()) == literal);
  if (!plain || offset > node.text.size()) return node.at;
  return {node.at.line, node.at.column + 1 + static_cast<std::uint32_t>(offset),
          static_cast<std::uint32_t>(std::max<std::size_t>(1, node.text.size() - offset))};
}

SourcePosition locate(const SourceNode& root, std::string_view path, bool of_key) {
  const SourceNode* node = &root;
  SourcePosition at = root.at;
  while (!path.empty()) {
    const std::size_t end = std::min(path.find_first_of(".["), path.size());
    const std::string_view key = path.substr(0, end);
    path.remove_prefix(end);
    if (!key.empty()) {
      const auto member = std::find_if(node->members.begin(), node->members.end(),
                                       [&](const SourceMember& m) { return m.key == key; });
      if (member == node->members.end()) return at;
      node = &member->value;
      at = of_key || node->kind == SourceNode::Kind::kTable ? member->key_at : node->at;
    }
    while (!path.empty() && path.front() == '[') {
      std::size_t index = 0;
      std::from_chars(path.data() + 1, path.data() + path.size(), index);
      path.remove_prefix(path.find(']') + 1);
      if (index >= node->items.size()) return at;
      node = &node->items[index];
      at = node->at;
    }
    if (!path.empty() && path.front() == '.') path.remove_prefix(1);
  }
  return at;
}

}  // namespace shardproof::sim
