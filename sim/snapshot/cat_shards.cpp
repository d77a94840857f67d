// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <map>

#include "core/base/wide.hpp"
#include "sim/input/json_fields.hpp"
#include "sim/input/json_records.hpp"
#include "sim/input/text_source.hpp"
#include "sim/scenario/decimal.hpp"
#include "sim/snapshot/snapshot_builder.hpp"
#include "sim/snapshot/snapshot_file.hpp"

namespace shardproof::sim {
namespace {

constexpr std::size_t kLineBytesMax = std::size_t{1} << 16;

/// One line of the table: a copy.
struct CatRow {
  std::string index;
  std::string shard;
  std::string prirep;
  std::string state;
  std::string store;  ///< empty if it is not told
  std::string node;   ///< of a relocating copy with the target behind an arrow
};

/// `208b`, `1.2gb`, or a number of bytes; the units are powers of 1024, what is no whole number of
/// bytes is rounded down.
Result<Bytes> parse_store(std::string_view text) {
  std::size_t position = 0;
  const auto number = scan_decimal(text, position);
  const std::string_view unit = number ? text.substr(position) : std::string_view();
  constexpr std::pair<std::string_view, int> kUnits[] = {
      {"", 0}, {"b", 0}, {"kb", 10}, {"mb", 20}, {"gb", 30}, {"tb", 40}, {"pb", 50}};
  const auto* known = std::find_if(std::begin(kUnits), std::end(kUnits),
                                   [&](const auto& entry) { return entry.first == unit; });
  constexpr std::uint64_t kStoreMax = std::uint64_t{1} << 56;
  if (number && known != std::end(kUnits)) {
    const UInt128 bytes = (static_cast<UInt128>(number->digits) << known->second) / number->scale;
    if (bytes <= kStoreMax) return Bytes(static_cast<std::uint64_t>(bytes));
  }
  return fail("the store \"{}\" is no size like 208b or 1.2gb", text);
}

/// Gathers the copies of a shard, which are in no particular order.
class CatShards {
 public:
  std::optional<std::string> add(const CatRow& row) {
    if (row.index.empty() || row.shard.empty()) return "a copy without an index or a shard";
    SnapshotShard& shard = shards_[{row.index, row.shard}];
    shard.collection = row.index;
    shard.name = row.shard;
    shard.replication_factor = shard.replication_factor.value_or(0) + 1;
    if (!row.store.empty()) {
      const auto bytes = parse_store(row.store);
      if (!bytes) return bytes.error().message;
      shard.bytes = std::max(shard.bytes.value_or(Bytes(0)), *bytes);
    }
    return add_copy(row, shard);
  }

  Result<ClusterSnapshot, InputError> finish(const std::string& file) {
    SnapshotBuilder builder;
    for (const std::string& node : nodes_) builder.add_node_once(node);
    for (const auto& [key, shard] : shards_) {
      // Red: nothing can be planned for a shard that nobody has.
      if (shard.replicas.empty()) {
        return {Unexpected<InputError>{
            {InputError::Kind::kMalformed, file, 0,
             fmt::format("shard {} of index \"{}\" has no started copy", key.second, key.first)}}};
      }
      if (auto wrong = builder.add(shard)) {
        return {Unexpected<InputError>{{InputError::Kind::kMalformed, file, 0, *wrong}}};
      }
    }
    return finished(builder, file);
  }

 private:
  std::optional<std::string> add_copy(const CatRow& row, SnapshotShard& shard) {
    if (row.state == "UNASSIGNED") return std::nullopt;
    const std::size_t arrow = row.node.find(" -> ");
    const std::string node = row.node.substr(0, arrow);
    if (node.empty()) return "a copy that is assigned, but to no node";
    nodes_.push_back(node);
    if (row.state == "INITIALIZING") {
      shard.learners.push_back(node);
      return std::nullopt;
    }
    if (row.state != "STARTED" && row.state != "RELOCATING") {
      return fmt::format("unknown state \"{}\"", row.state);
    }
    shard.replicas.push_back(node);
    if (row.prirep == "p") shard.leader = node;
    if (arrow == std::string::npos) return std::nullopt;
    // The address and the id of the target come before its name.
    const std::string target = row.node.substr(row.node.rfind(' ') + 1);
    nodes_.push_back(target);
    shard.learners.push_back(target);
    shard.move = {node, target};
    return std::nullopt;
  }

  std::map<std::pair<std::string, std::string>, SnapshotShard> shards_;
  std::vector<std::string> nodes_;
};

std::optional<std::string> add_record(const JsonValue& record, CatShards& shards) {
  JsonFields fields(record);
  CatRow row;
  row.index = fields.text("index");
  row.shard = fields.name("shard");
  row.prirep = fields.text("prirep");
  row.state = fields.text("state");
  // What is not known is null, whatever the column.
  for (const auto& [key, target] : {std::pair("store", &row.store), std::pair("node", &row.node)}) {
    const JsonValue* value = record.find(key);
    if (value != nullptr && value->kind != JsonValue::Kind::kNull) *target = fields.name(key);
  }
  if (fields.wrong()) return fields.wrong();
  return shards.add(row);
}

Result<ClusterSnapshot, InputError> read_json_table(const std::string& file) {
  CatShards shards;
  const auto record = [&](std::string_view path, const JsonValue& value) {
    return path.empty() ? add_record(value, shards) : std::nullopt;
  };
  const auto member = [](std::string_view, const JsonValue&) -> std::optional<std::string> {
    return "expected a list of copies, as of _cat/shards?format=json";
  };
  const auto read = read_json_records(file, record, member);
  if (!read) return {Unexpected<InputError>{read.error()}};
  return shards.finish(file);
}

/// Where the columns of a table are, by its heading.
struct CatColumns {
  std::size_t count = 8;
  std::size_t store = 5;
};

std::optional<std::string> read_heading(const std::vector<std::string>& words,
                                        CatColumns& columns) {
  const std::vector<std::string> begin{"index", "shard", "prirep", "state"};
  const auto store = std::find(words.begin(), words.end(), "store");
  if (!std::equal(
          begin.begin(), begin.end(), words.begin(),
          words.begin() + static_cast<std::ptrdiff_t>(std::min(words.size(), begin.size()))) ||
      store == words.end() || words.back() != "node") {
    return "expected the columns index shard prirep state docs store ... node";
  }
  columns = {words.size(), static_cast<std::size_t>(store - words.begin())};
  return std::nullopt;
}

/// A copy's line. What is not known is blank, so that the words before the node are fewer.
std::optional<std::string> add_line(const std::vector<std::string>& words,
                                    const CatColumns& columns, CatShards& shards) {
  if (words.size() < 4)
    return fmt::format("expected {} columns, found {}", columns.count, words.size());
  CatRow row{words[0], words[1], words[2], words[3], "", ""};
  if (row.state == "UNASSIGNED") return shards.add(row);
  if (words.size() < 5) return "a copy that is assigned, but to no node";
  const auto arrow = std::find(words.begin() + 5, words.end(), "->");
  row.node =
      arrow == words.end() ? words.back() : fmt::format("{} -> {}", *(arrow - 1), words.back());
  const auto before_arrow = static_cast<std::size_t>(arrow - words.begin());
  if (before_arrow == columns.count) row.store = words[columns.store];
  return shards.add(row);
}

std::vector<std::string> words_of(const std::string& line) {
  std::vector<std::string> words;
  std::size_t position = 0;
  while ((position = line.find_first_not_of(" \t\r", position)) != std::string::npos) {
    const std::size_t end = std::min(line.find_first_of(" \t\r", position), line.size());
    words.push_back(line.substr(position, end - position));
    position = end;
  }
  return words;
}

/// The next line that is not blank; nothing at the end.
std::optional<std::string> next_line(TextSource& source, std::uint64_t& number) {
  std::string line;
  while (source.peek()) {
    const char c = *source.next();
    if (c != '\n') {
      line += c;
      if (line.size() > kLineBytesMax) return line;
      continue;
    }
    ++number;
    if (line.find_first_not_of(" \t\r") != std::string::npos) return line;
    line.clear();
  }
  if (line.find_first_not_of(" \t\r") == std::string::npos) return std::nullopt;
  ++number;
  return line;
}

Result<ClusterSnapshot, InputError> read_text_table(TextSource source) {
  CatShards shards;
  CatColumns columns;
  std::uint64_t number = 0;
  bool is_first = true;
  while (const auto line = next_line(source, number)) {
    std::optional<std::string> wrong;
    const std::vector<std::string> words = words_of(*line);
    if (line->size() > kLineBytesMax) {
      wrong = "a line of more than 64 KiB";
    } else if (is_first && words[0] == "index") {
      wrong = read_heading(words, columns);
    } else {
      wrong = add_line(words, columns, shards);
    }
    is_first = false;
    if (wrong) {
      return {
          Unexpected<InputError>{{InputError::Kind::kMalformed, source.file(), number, *wrong}}};
    }
  }
  if (auto error = source.failure()) return {Unexpected<InputError>{*error}};
  return shards.finish(source.file());
}

}  // namespace

Result<ClusterSnapshot, InputError> read_cat_shards(const std::string& file,
                                                    const SnapshotReading&) {
  auto source = TextSource::open(file);
  if (!source) return {Unexpected<InputError>{source.error()}};
  const std::optional<char> first = first_that_is_not_white(*source);
  if (first == '[' || first == '{') return read_json_table(file);
  return read_text_table(std::move(*source));
}

}  // namespace shardproof::sim
