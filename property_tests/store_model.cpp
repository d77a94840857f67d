// SPDX-License-Identifier: Apache-2.0
#include "property_tests/store_model.hpp"

#include <algorithm>
#include <utility>

namespace shardproof::property_tests {

void ModelContent::put(Version version, const DocumentRef& document, bool tombstone) {
  const auto present = items.find(document->key);
  if (present != items.end() && present->second.version >= version) return;
  items[document->key] = {version, document, tombstone};
}

void ModelContent::remember(const SessionRecord& session) {
  const ClientId client = session.request.client;
  if (client.is_none()) return;
  const auto present = sessions.find(client);
  if (present == sessions.end() || present->second.version < session.version) {
    sessions[client] = session;
  }
}

void ModelContent::apply(const LogEntry& entry) {
  std::map<std::string, Mutation> last_of_key;
  for (const Mutation& mutation : entry.mutations) last_of_key[mutation.document->key] = mutation;
  for (const auto& [key, mutation] : last_of_key) {
    put(entry.version, mutation.document, mutation.tombstone);
  }
  remember({entry.request, entry.version, entry.outcome});
}

void ModelContent::merge(const Chunk& chunk) {
  for (const ChunkItem& item : chunk.items) put(item.version, item.document, item.tombstone);
  for (const SessionRecord& session : chunk.sessions) remember(session);
}

CopySummary ModelContent::summary() const {
  CopySummary summary;
  for (const auto& [key, item] : items) {
    (item.tombstone ? summary.tombstones : summary.documents) += 1;
    summary.bytes += item.tombstone ? Bytes(key.size()) : item.document->size;
    summary.digest += document_digest(key, item.version, item.tombstone, item.document->content);
  }
  return summary;
}

void ModelCopy::apply_up_to(LogIndex committed) {
  while (!tail.empty() && tail.front()->index() <= committed) {
    content.apply(*tail.front());
    applied = tail.front()->version;
    tail.erase(tail.begin());
  }
}

void StoreModel::give(Command::Kind kind, std::function<void(ModelState&)> effect) {
  effect(now_);
  if (kind == Command::Kind::Logged) ++last_;
  commands_.push_back({kind, std::move(effect)});
}

void StoreModel::create(ShardId shard) {
  give(Command::Kind::Logged, [=](ModelState& state) { state.copies[shard] = {}; });
}

void StoreModel::append(ShardId shard, const EntryRef& entry, LogIndex committed) {
  give(Command::Kind::Logged, [=](ModelState& state) {
    ModelCopy& copy = state.copies.at(shard);
    copy.tail.push_back(entry);
    copy.hint = std::max(copy.hint, std::min(committed, entry->index()));
  });
}

void StoreModel::truncate(ShardId shard, LogIndex last_kept) {
  give(Command::Kind::Logged, [=](ModelState& state) {
    ModelCopy& copy = state.copies.at(shard);
    while (!copy.tail.empty() && copy.tail.back()->index() > last_kept) copy.tail.pop_back();
    copy.hint = std::min(copy.hint, last_kept);
  });
}

void StoreModel::apply(ShardId shard, LogIndex committed) {
  give(Command::Kind::Apply,
       [=](ModelState& state) { state.copies.at(shard).apply_up_to(committed); });
}

void StoreModel::drop(ShardId shard) {
  give(Command::Kind::Logged, [=](ModelState& state) { state.copies.erase(shard); });
}

void StoreModel::begin_stage(ShardId shard) {
  give(Command::Kind::Logged, [=](ModelState& state) { state.stages[shard] = {}; });
}

void StoreModel::stage(ShardId shard, const ChunkRef& chunk) {
  give(Command::Kind::Logged, [=](ModelState& state) { state.stages.at(shard).merge(*chunk); });
}

void StoreModel::install(ShardId shard, Version applied) {
  give(Command::Kind::Logged, [=](ModelState& state) {
    ModelCopy copy;
    copy.content = state.stages.at(shard);
    copy.applied = applied;
    copy.hint = applied.index;
    state.copies[shard] = copy;
    state.stages.erase(shard);
  });
}

void StoreModel::discard_stage(ShardId shard) {
  give(Command::Kind::Logged, [=](ModelState& state) { state.stages.erase(shard); });
}

ModelState StoreModel::survivors(std::uint64_t position, bool least) const {
  ModelState state;
  std::uint64_t logged = 0;
  for (const Command& command : commands_) {
    if (command.kind == Command::Kind::Logged && ++logged > position) break;
    if (command.kind == Command::Kind::Apply && least) continue;
    command.effect(state);
  }
  for (auto& [shard, copy] : state.copies) copy.apply_up_to(copy.hint);
  state.stages.clear();
  return state;
}

void StoreModel::crash(std::uint64_t position, const std::map<ShardId, LogIndex>& applied) {
  std::vector<Command> before;
  before.swap(commands_);
  now_ = {};
  last_ = 0;
  for (Command& command : before) {
    if (command.kind == Command::Kind::Logged && last_ == position) break;
    if (command.kind != Command::Kind::Apply) give(command.kind, std::move(command.effect));
  }
  give(Command::Kind::Crash, [](ModelState& state) { state.stages.clear(); });
  for (const auto& [shard, index] : applied) apply(shard, index);
}

}  // namespace shardproof::property_tests
