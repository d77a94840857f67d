// SPDX-License-Identifier: Apache-2.0
#include "property_tests/store_harness.hpp"

#include <algorithm>
#include <stdexcept>
#include <utility>

namespace shardproof::property_tests {

namespace {

constexpr std::uint32_t kShards = 4;
constexpr std::uint32_t kKeys = 12;
constexpr std::uint32_t kClients = 3;

template <typename... Values>
void require(bool holds, fmt::format_string<Values...> format, Values&&... values) {
  if (!holds) throw std::runtime_error(fmt::format(format, std::forward<Values>(values)...));
}

[[noreturn]] void throw_failure(const CheckFailure& failure) {
  throw std::runtime_error(
      fmt::format("{}:{}: {}: {}", failure.file, failure.line, failure.condition, failure.message));
}

/// So small that a few dozen commands lead to a compaction in many pieces.
/// A store that compacts often and in small pieces.
DocumentStore small_store() {
  Bounds bounds;
  bounds.compaction_min = Bytes(3000);
  StoreTuning tuning;
  tuning.checkpoint_piece = Bytes(700);
  return DocumentStore(bounds, tuning);
}

DocumentRef new_document(Random& random, bool tombstone) {
  const boost::intrusive_ptr<Document> document(new Document);
  document->key = fmt::format("key{}", random.below(kKeys));
  document->fields.push_back({"place", static_cast<std::int64_t>(random.below(100))});
  if (tombstone) return document;
  document->fields.push_back({"name", std::string("x")});
  document->size = Bytes(random.below(300));
  document->content = random.next();
  return document;
}

void compare_summary(ShardId shard, const CopySummary& found, const CopySummary& expected) {
  require(found.documents == expected.documents && found.tombstones == expected.tombstones &&
              found.bytes == expected.bytes && found.digest == expected.digest,
          "{}: {} documents, {} tombstones, {}, digest {:x}; expected {}, {}, {}, {:x}", shard,
          found.documents, found.tombstones, found.bytes, found.digest, expected.documents,
          expected.tombstones, expected.bytes, expected.digest);
}

void compare_content(const DocumentStore& store, ShardId shard, const ModelContent& expected) {
  compare_summary(shard, store.summary(shard), expected.summary());
  compare_summary(shard, store.recount(shard), expected.summary());
  for (std::uint32_t number = 0; number < kKeys; ++number) {
    const std::string key = fmt::format("key{}", number);
    const VersionedDocument found = store.get(shard, key);
    const auto item = expected.items.find(key);
    const bool is_known = item != expected.items.end();
    require(found.version == (is_known ? item->second.version : Version::zero()),
            "{}: {} has version {}", shard, key, found.version);
    const bool lives = is_known && !item->second.tombstone;
    require((found.document != nullptr) == lives, "{}: {} lives or not", shard, key);
    require(!lives || (found.document->content == item->second.document->content &&
                       found.document->fields == item->second.document->fields),
            "{}: {} is another document", shard, key);
  }
  for (std::uint32_t number = 0; number < kClients; ++number) {
    const auto found = store.find_session(shard, ClientId(number));
    const auto session = expected.sessions.find(ClientId(number));
    require(found.has_value() == (session != expected.sessions.end()), "{}: session {}", shard,
            number);
    require(!found || (found->request == session->second.request &&
                       found->version == session->second.version),
            "{}: session {} is another one", shard, number);
  }
}

}  // namespace

void compare_copy(const DocumentStore& store, ShardId shard, const ModelCopy& expected) {
  const CopyState state = store.state(shard);
  require(state.applied == expected.applied, "{}: applied {}, expected {}", shard, state.applied,
          expected.applied);
  require(state.tail.size() == expected.tail.size(), "{}: tail of {}, expected {}", shard,
          state.tail.size(), expected.tail.size());
  for (std::size_t at = 0; at < state.tail.size(); ++at) {
    const LogEntry& found = *state.tail[at];
    const LogEntry& wanted = *expected.tail[at];
    require(found.version == wanted.version && found.request == wanted.request &&
                found.mutations.size() == wanted.mutations.size(),
            "{}: tail entry {} differs", shard, found.version);
  }
  compare_content(store, shard, expected.content);
}

std::map<ShardId, LogIndex> compare_recovered(const DocumentStore& store, const StoreModel& model) {
  const std::uint64_t position = store.durable().value;
  ModelState least = model.survivors(position, true);
  const ModelState most = model.survivors(position, false);
  std::map<ShardId, LogIndex> applied;
  const std::vector<ShardId> copies = store.copies();
  require(copies.size() == least.copies.size(), "{} copies, expected {}", copies.size(),
          least.copies.size());
  for (const ShardId shard : copies) {
    require(least.copies.count(shard) == 1, "{} was never created", shard);
    require(!store.has_stage(shard), "{}: the stage was not dropped", shard);
    const Version found = store.state(shard).applied;
    const ModelCopy& furthest = most.copies.at(shard);
    ModelCopy& expected = least.copies.at(shard);
    require(found >= expected.applied && found <= furthest.applied,
            "{}: applied {}, expected {} to {}", shard, found, expected.applied, furthest.applied);
    expected.apply_up_to(found.index);
    compare_copy(store, shard, expected);
    applied[shard] = found.index;
  }
  return applied;
}

StoreHarness::StoreHarness(Bytes capacity) : store_(small_store()), disk_(capacity) {
  set_check_handler(throw_failure);
  store_.recover(disk_.image(), effects_);
}

ShardId StoreHarness::any_shard(Random& random) const {
  return ShardId(static_cast<std::uint32_t>(random.below(kShards)));
}

void StoreHarness::create_or_drop(Random& random) {
  const ShardId shard = any_shard(random);
  const std::uint64_t before = model_.last();
  StorePosition position;
  if (store_.holds(shard)) {
    position = store_.drop(shard, effects_);
    std::erase_if(installs_, [&](const Install& install) { return install.shard == shard; });
    model_.drop(shard);
  } else {
    position = store_.create(shard, effects_);
    model_.create(shard);
  }
  require(position.value == model_.last(), "position {}", position.value);
  carry_out(before);
}

EntryRef StoreHarness::new_entry(ShardId shard, Random& random) {
  const boost::intrusive_ptr<LogEntry> entry(new LogEntry);
  entry->version = {Epoch(epoch_), model_.now().copies.at(shard).last().index.next()};
  const std::uint64_t mutations = random.below(4);
  for (std::uint64_t i = 0; i < mutations; ++i) {
    const bool tombstone = random.below(4) == 0;
    entry->mutations.push_back({new_document(random, tombstone), tombstone});
  }
  if (mutations > 0) {
    const ClientId client(static_cast<std::uint32_t>(random.below(kClients)));
    entry->request = {client, static_cast<std::uint32_t>(random.below(1000))};
  }
  return entry;
}

void StoreHarness::append(Random& random) {
  const ShardId shard = any_shard(random);
  if (!store_.holds(shard)) return;
  const std::uint64_t before = model_.last();
  const EntryRef entry = new_entry(shard, random);
  const std::uint64_t applied = model_.now().copies.at(shard).applied.index.value();
  const std::uint64_t lag = random.below(4);
  const LogIndex committed(
      std::max(applied, entry->index().value() - std::min(lag, entry->index().value())));
  const StorePosition position = store_.append(shard, entry, committed, effects_);
  model_.append(shard, entry, committed);
  require(position.value == model_.last(), "position {}", position.value);
  carry_out(before);
}

void StoreHarness::apply(Random& random) {
  const ShardId shard = any_shard(random);
  if (!store_.holds(shard)) return;
  const ModelCopy& copy = model_.now().copies.at(shard);
  const std::uint64_t before = entries_applied_;
  const std::size_t waiting = copy.tail.size();
  const LogIndex committed(copy.applied.index.value() + random.below(waiting + 2));
  store_.apply(shard, committed, effects_);
  model_.apply(shard, committed);
  take_facts();
  require(entries_applied_ - before == waiting - copy.tail.size(), "facts of applied entries");
}

void StoreHarness::truncate(Random& random) {
  const ShardId shard = any_shard(random);
  if (!store_.holds(shard)) return;
  const std::uint64_t before = model_.last();
  const ModelCopy& copy = model_.now().copies.at(shard);
  const LogIndex last_kept(copy.applied.index.value() + random.below(copy.tail.size() + 1));
  ++epoch_;
  store_.truncate_tail(shard, last_kept, effects_);
  model_.truncate(shard, last_kept);
  carry_out(before);
}

ChunkRef StoreHarness::new_chunk(Random& random, bool last) {
  const auto chunk = std::make_shared<Chunk>();
  const std::uint64_t items = random.below(6);
  for (std::uint64_t i = 0; i < items; ++i) {
    const bool tombstone = random.below(3) == 0;
    const Version version{Epoch(1), LogIndex(1 + random.below(50))};
    const DocumentRef document = new_document(random, tombstone);
    chunk->bytes += stored_size(*document, tombstone);
    chunk->items.push_back({version, document, tombstone});
  }
  chunk->last = last;
  if (last) chunk->sessions.push_back({{ClientId(1), 7}, {Epoch(1), LogIndex(20)}});
  return chunk;
}

void StoreHarness::stage(Random& random) {
  const ShardId shard = any_shard(random);
  const std::uint64_t before = model_.last();
  if (!store_.has_stage(shard) || random.below(8) == 0) {
    store_.begin_stage(shard, effects_);
    model_.begin_stage(shard);
  } else {
    const ChunkRef chunk = new_chunk(random, random.below(4) == 0);
    store_.stage(shard, chunk, effects_);
    model_.stage(shard, chunk);
    compare_summary(shard, store_.stage_summary(shard), model_.now().stages.at(shard).summary());
  }
  carry_out(before);
}

void StoreHarness::end_stage(Random& random) {
  const ShardId shard = any_shard(random);
  if (!store_.has_stage(shard)) return;
  const std::uint64_t before = model_.last();
  if (random.below(3) == 0) {
    store_.discard_stage(shard, effects_);
    model_.discard_stage(shard);
  } else {
    const Version applied{Epoch(epoch_), LogIndex(50 + random.below(50))};
    installs_.push_back({shard, store_.install_stage(shard, Epoch(epoch_), applied, effects_)});
    model_.install(shard, applied);
  }
  carry_out(before);
}

void StoreHarness::complete(Random& random, DiskOutcome outcome) {
  if (disk_.in_flight() == 0) return;
  const std::size_t which = random.below(disk_.in_flight());
  const bool happened = random.below(2) == 0;
  const DiskDone done = disk_.complete(which, outcome, happened);
  ++completed_;
  store_.on_disk_done(done, effects_);
  carry_out(model_.last());
}

void StoreHarness::fire_timer() {
  looked_ = false;
  if (!std::exchange(timer_is_set_, false)) return;
  store_.on_timer(effects_);
  const std::vector<DiskOp>& asked = effects_.disk_ops();
  looked_ = asked.size() == 1 && asked.front().kind == DiskOpKind::Sync;
  carry_out(model_.last());
}

void StoreHarness::settle(Random& random) {
  // A limited disk is looked at for ever: at rest is who does nothing else any more.
  int looks = 0;
  for (int round = 0; round < 10'000; ++round) {
    if (disk_.in_flight() == 0 && !timer_is_set_) return;
    complete(random, DiskOutcome::Ok);
    if (looks == 3) return;
    fire_timer();
    looks = looked_ ? looks + 1 : 0;
  }
  throw std::runtime_error("the store never comes to rest");
}

void StoreHarness::crash(UnsyncedFate fate, Random& random) {
  const StorePosition durable_before = store_.durable();
  disk_.crash(fate, random);
  effects_.clear();
  timer_is_set_ = false;
  installs_.clear();
  store_ = small_store();
  store_.recover(disk_.image(), effects_);
  check_recovery(durable_before);
}

void StoreHarness::check_recovery(StorePosition durable_before) {
  require(store_.durable() >= durable_before, "durable {} became {}", durable_before.value,
          store_.durable().value);
  require(store_.durable().value <= model_.last(), "{} was never given", store_.durable().value);
  require(!store_.has_lost_data(), "data is lost without damage");
  std::vector<ShardId> stated;
  for (const Fact& fact : effects_.facts()) {
    const auto& found = std::get<fact::CopyRecovered>(fact);
    const CopyState state = store_.state(found.shard);
    require(found.applied == state.applied && found.digest == state.summary.digest &&
                found.last == (state.tail.empty() ? state.applied : state.tail.back()->version),
            "{}: the fact differs from the state", found.shard);
    stated.push_back(found.shard);
  }
  require(stated == store_.copies(), "facts of {} copies", stated.size());
  model_.crash(store_.durable().value, compare_recovered(store_, model_));
  was_compacting_ = false;
  carry_out(model_.last());
}

void StoreHarness::carry_out(std::uint64_t logged_before) {
  require(model_.last() == logged_before || disk_.in_flight() + effects_.disk_ops().size() > 0 ||
              store_.is_stalled(),
          "a record waits while the disk is idle");
  for (const Effects::Timer& timer : effects_.timers()) {
    require(timer.kind == TimerKind::Store, "another timer");
    timer_is_set_ = timer.delay >= Nanoseconds(0);
  }
  effects_.timers().clear();
  disk_.submit(effects_.disk_ops());
  take_facts();
  const bool is_compacting = store_.is_compacting();
  if (is_compacting && !was_compacting_) ++compactions_;
  was_compacting_ = is_compacting;
}

void StoreHarness::take_facts() {
  for (const Fact& fact : effects_.facts()) {
    if (std::holds_alternative<fact::EntryApplied>(fact)) ++entries_applied_;
    if (std::holds_alternative<fact::CopyInstalled>(fact)) {
      require(!installs_.empty() && installs_.front().position <= store_.durable(),
              "installed too early");
      installs_.erase(installs_.begin());
    }
  }
  effects_.facts().clear();
  require(installs_.empty() || installs_.front().position > store_.durable(),
          "an install was not stated");
}

void StoreHarness::compare() const {
  const ModelState& expected = model_.now();
  require(store_.copies().size() == expected.copies.size(), "copies");
  for (const auto& [shard, copy] : expected.copies) {
    require(store_.holds(shard), "{} is not held", shard);
    compare_copy(store_, shard, copy);
  }
  for (std::uint32_t value = 0; value < kShards; ++value) {
    require(store_.has_stage(ShardId(value)) == (expected.stages.count(ShardId(value)) == 1),
            "stage of s{}", value);
  }
}

}  // namespace shardproof::property_tests
