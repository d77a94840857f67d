// SPDX-License-Identifier: Apache-2.0
#include "sim/scenario/selector_codec.hpp"

#include <algorithm>

#include "sim/scenario/fields.hpp"
#include "sim/scenario/suggest.hpp"
#include "sim/scenario/table_reader.hpp"
#include "sim/scenario/table_schema.hpp"
#include "sim/scenario/table_writer.hpp"

namespace shardproof::sim {
namespace {

using Kind = NodeSelector::Kind;

struct Word {
  std::string_view name;
  Kind kind;
  bool side_only;
};
constexpr Word kWords[] = {
    {"all", Kind::kAll, false},
    {"coordinator", Kind::kCoordinator, false},
    {"migration.source", Kind::kMigrationSource, false},
    {"migration.target", Kind::kMigrationTarget, false},
    {"newest", Kind::kNewest, false},
    {"sender", Kind::kSender, false},
    {"receiver", Kind::kReceiver, false},
    {"random", Kind::kRandom, false},
    {"half", Kind::kHalf, false},
    {"others", Kind::kOthers, true},
    {"metadata", Kind::kMetadata, true},
    {"clients", Kind::kClients, true},
    {"anyone", Kind::kAnyone, true},
};

constexpr std::uint32_t kRandomMax = 100'000;

/// A domain by chance, or how many nodes.
void read_random(TableReader& table, NodeSelector& read) {
  if (table.take("random")->kind == SourceNode::Kind::kString) {
    table.required("random", read.kind, domain_level());
  } else {
    table.required("random", read.number, Whole<std::uint32_t>{1, kRandomMax});
  }
}

bool read_name(const SelectorCodec& codec, const SourceNode& node, NodeSelector& value,
               Diagnostics& diagnostics) {
  std::vector<std::string_view> known;
  for (const Word& word : kWords) {
    if (word.side_only && !codec.is_side) continue;
    known.push_back(word.name);
    if (node.text != word.name) continue;
    value = {};
    value.kind = word.kind;
    if (word.kind == Kind::kRandom) value.number = 1;
    return true;
  }
  const auto& nodes = codec.names.nodes;
  const auto found = std::find(nodes.begin(), nodes.end(), node.text);
  if (found != nodes.end()) {
    value = {};
    value.nodes = {NodeId(static_cast<std::uint32_t>(found - nodes.begin()))};
    return true;
  }
  const std::vector<std::string_view> node_names = views(nodes);
  known.insert(known.end(), node_names.begin(), node_names.end());
  if (!codec.names.all_nodes_known) {
    value = {};
    value.nodes = {NodeId(0)};
    return true;
  }
  diagnostics.error(node.at, fmt::format("unknown node \"{}\"", node.text),
                    suggest(node.text, known));
  return false;
}

bool read_number(const SourceNode& node, NodeSelector& value, Diagnostics& diagnostics) {
  std::uint32_t number = 0;
  if (!Whole<std::uint32_t>{0, kRandomMax}.read(node, number, diagnostics)) return false;
  value = {};
  value.nodes = {NodeId(number)};
  return true;
}

bool read_list(const SelectorCodec& codec, const SourceNode& node, NodeSelector& value,
               Diagnostics& diagnostics) {
  std::vector<NodeId> nodes;
  for (const SourceNode& item : node.items) {
    NodeSelector one;
    if (!codec.read(item, one, diagnostics)) return false;
    if (one.kind != Kind::kNodes || item.kind == SourceNode::Kind::kArray) {
      diagnostics.error(item.at, "a list of nodes has only their numbers or names");
      return false;
    }
    nodes.push_back(one.nodes.front());
  }
  std::sort(nodes.begin(), nodes.end());
  const bool has_doubles =
      codec.names.all_nodes_known && std::adjacent_find(nodes.begin(), nodes.end()) != nodes.end();
  if (nodes.empty() || has_doubles) {
    diagnostics.error(node.at, nodes.empty() ? "an empty list of nodes" : "a node is named twice");
    return false;
  }
  value = {};
  value.nodes = std::move(nodes);
  return true;
}

bool read_table(const SelectorCodec& codec, const SourceNode& node, NodeSelector& value,
                Diagnostics& diagnostics) {
  const std::size_t errors_before = diagnostics.errors();
  TableReader table(node, node.at, "node", diagnostics);
  NodeSelector read;
  int forms = 0;
  const auto form = [&](std::string_view key, Kind kind, auto&& body) {
    if (table.take(key) == nullptr) return;
    ++forms;
    read.kind = kind;
    body();
  };
  const bool all_known = codec.names.all_nodes_known;
  const auto of_shard = [&](std::string_view key) {
    table.required(key, read.collection, collection_codec(codec.names));
    table.required("shard", read.number, Whole<std::uint32_t>{});
  };
  form("leader", Kind::kLeader, [&] { of_shard("leader"); });
  form("replicas", Kind::kReplicas, [&] { of_shard("replicas"); });
  form("zone", Kind::kZone, [&] {
    table.required("zone", read.name, KnownName{"zone", views(codec.names.zones), all_known});
  });
  form("rack", Kind::kRack, [&] {
    table.required("rack", read.name, KnownName{"rack", views(codec.names.racks), all_known});
  });
  form("region", Kind::kRegion, [&] {
    table.required("region", read.name, KnownName{"region", views(codec.names.regions), all_known});
  });
  form("random", Kind::kRandom, [&] { read_random(table, read); });
  // A key that nobody knows is the one that should say which nodes.
  const bool is_misspelt = forms == 0 && table.has_key_besides({"shard"});
  if (is_misspelt) table.take("shard");
  table.finish();
  if (forms != 1 && !is_misspelt) {
    diagnostics.error(node.at, "expected one of leader, replicas, zone, rack, region, random");
  }
  if (diagnostics.errors() != errors_before) return false;
  value = std::move(read);
  return true;
}

}  // namespace

bool SelectorCodec::read(const SourceNode& node, NodeSelector& value,
                         Diagnostics& diagnostics) const {
  switch (node.kind) {
    case SourceNode::Kind::kString: return read_name(*this, node, value, diagnostics);
    case SourceNode::Kind::kInteger: return read_number(node, value, diagnostics);
    case SourceNode::Kind::kArray: return read_list(*this, node, value, diagnostics);
    case SourceNode::Kind::kTable: return read_table(*this, node, value, diagnostics);
    default:
      wrong_kind(node, "a node", diagnostics,
                 "write its number, its name, or a role like \"coordinator\"");
      return false;
  }
}

std::string SelectorCodec::print(const NodeSelector& value) const {
  for (const Word& word : kWords) {
    if (word.kind == value.kind && word.kind != Kind::kRandom) return toml_quoted(word.name);
  }
  TableWriter table;
  const auto of_shard = [&](std::string_view key) {
    table.raw(key, toml_quoted(names.collections[value.collection]));
    table.raw("shard", fmt::format("{}", value.number));
  };
  switch (value.kind) {
    case Kind::kLeader: of_shard("leader"); break;
    case Kind::kReplicas: of_shard("replicas"); break;
    case Kind::kZone: table.raw("zone", toml_quoted(value.name)); break;
    case Kind::kRack: table.raw("rack", toml_quoted(value.name)); break;
    case Kind::kRegion: table.raw("region", toml_quoted(value.name)); break;
    case Kind::kRandom: table.raw("random", fmt::format("{}", value.number)); break;
    case Kind::kRandomZone:
    case Kind::kRandomRack:
    case Kind::kRandomRegion: table.raw("random", domain_level().print(value.kind)); break;
    default: {
      if (value.nodes.size() == 1) return fmt::format("{}", value.nodes.front().value());
      std::string list;
      for (const NodeId node : value.nodes) {
        list += fmt::format("{}{}", list.empty() ? "" : ", ", node.value());
      }
      return "[" + list + "]";
    }
  }
  return table.in_line();
}

std::string SelectorCodec::schema() const {
  const std::string one =
      R"({"type": "string", "minLength": 1}, {"type": "integer", "minimum": 0})";
  TableSchema table;
  table.raw("leader", text_schema({}));
  table.raw("replicas", text_schema({}));
  table.raw("shard", R"({"type": "integer", "minimum": 0})");
  table.raw("zone", text_schema({}));
  table.raw("rack", text_schema({}));
  table.raw("region", text_schema({}));
  table.raw("random",
            R"({"anyOf": [{"type": "integer", "minimum": 1}, )" + domain_level().schema() + "]}");
  table.require_one_of({"leader", "replicas", "zone", "rack", "region", "random"});
  return fmt::format(
      R"({{"anyOf": [{0}, {{"type": "array", "minItems": 1, "items": {{"anyOf": [{0}]}}}}, {1}]}})",
      one, table.text());
}

}  // namespace shardproof::sim
