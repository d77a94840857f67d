// SPDX-License-Identifier: Apache-2.0
#include "sim/cluster/workload.hpp"

#include "core/shard_key.hpp"
#include "core/sharding_collection.hpp"

namespace shardproof::sim {
namespace {

OperationKind to_kind(TrafficOperation operation) {
  switch (operation) {
    case TrafficOperation::kRead:
    case TrafficOperation::kSystem: return OperationKind::Read;
    case TrafficOperation::kReplace: return OperationKind::Replace;
    case TrafficOperation::kInsert:
    case TrafficOperation::kMissingShardKey: return OperationKind::Insert;
    case TrafficOperation::kRemove: return OperationKind::Remove;
    case TrafficOperation::kScan: return OperationKind::Scan;
    case TrafficOperation::kCount: return OperationKind::Count;
    case TrafficOperation::kCompareAndSwap: return OperationKind::CompareAndSwap;
    case TrafficOperation::kTransaction:
    case TrafficOperation::kCrossShardTransaction: return OperationKind::Transaction;
  }
  return OperationKind::Read;
}

/// Whether it asks for a change of documents, if only to be refused.
bool is_write(TrafficOperation operation) {
  switch (operation) {
    case TrafficOperation::kRead:
    case TrafficOperation::kScan:
    case TrafficOperation::kCount:
    case TrafficOperation::kSystem: return false;
    default: return true;
  }
}

}  // namespace

Workload::Workload(std::uint32_t number, const TrafficSpec& spec, const CollectionSpec& collection,
                   KeySpace& keys, Cluster& cluster, ClientHub& hub, Streams streams,
                   std::optional<TraceReader> trace)
    : number_(number),
      spec_(spec),
      collection_(collection),
      keys_(keys),
      cluster_(cluster),
      hub_(hub),
      arrivals_(spec, streams.stream("traffic", number, "arrivals")),
      mix_(streams.stream("traffic", number, "mix")),
      choice_(streams.stream("traffic", number, "keys")),
      sizes_(streams.stream("traffic", number, "sizes")),
      steps_(streams.stream("traffic", number, "steps")),
      chooser_(spec.keys, keys.count()),
      trace_(std::move(trace)),
      next_content_(static_cast<std::uint64_t>(number + 1) << 40) {
  // The mix adds up to exactly 1: a common denominator turns it into counts.
  mix_whole_ = 1;
  for (const Ratio& share : spec_.mix) {
    if (mix_whole_ % share.denominator() != 0) mix_whole_ *= share.denominator();
  }
  for (std::uint32_t i = 0; i < spec.clients; ++i) clients_.push_back(hub.add_client(*this));
  idle_.assign(clients_.begin(), clients_.end());
  current_.resize(clients_.size());
  swap_read_.resize(clients_.size());
  if (spec.read_from == TrafficSpec::ReadFrom::kReplica) sessions_.resize(clients_.size());
}

Nanoseconds Workload::elapsed() const { return cluster_.now() - cluster_.origin() - spec_.start; }

void Workload::visit_streams(StreamVisitor& visitor) {
  visitor.on_stream("traffic", number_, "arrivals", arrivals_.stream());
  visitor.on_stream("traffic", number_, "mix", mix_);
  visitor.on_stream("traffic", number_, "keys", choice_);
  visitor.on_stream("traffic", number_, "sizes", sizes_);
  visitor.on_stream("traffic", number_, "steps", steps_);
}

void Workload::begin() { schedule_at(Nanoseconds(0)); }

void Workload::schedule_at(Nanoseconds from) {
  Nanoseconds at;
  if (trace_) {
    const auto record = trace_->next();
    SHARDPROOF_CHECK(record.has_value(), "the trace was read once before without an error");
    if (*record == nullptr) return;
    const TraceRecord& read = **record;
    at = read.at;
    next_from_trace_ = Request{Instant(), read.operation, std::string(read.key), read.size};
  } else {
    at = arrivals_.next(from);
  }
  if (at >= spec_.stop - spec_.start) return;
  hub_.wake(cluster_.origin() + spec_.start + at, clients_.front(), number_);
}

void Workload::on_wake(std::uint64_t) {
  arrive();
  schedule_at(elapsed());
}

TrafficOperation Workload::draw_operation() {
  std::uint64_t draw = mix_.below(mix_whole_);
  for (std::size_t i = 0; i < spec_.mix.size(); ++i) {
    const std::uint64_t share = spec_.mix[i].of(mix_whole_);
    if (draw < share) return static_cast<TrafficOperation>(i);
    draw -= share;
  }
  SHARDPROOF_CHECK(false, "the mix does not add up to 1");
  return TrafficOperation::kRead;
}

void Workload::arrive() {
  Request request;
  if (next_from_trace_) {
    request = std::move(*next_from_trace_);
    next_from_trace_.reset();
  } else if (!trace_) {
    request.kind = draw_operation();
    const bool existing_only = request.kind == TrafficOperation::kReplace && keys_.count() == 0;
    if (existing_only) request.kind = TrafficOperation::kInsert;
  } else {
    return;
  }
  // Observers know scenario time, which is what a request was due by.
  request.intended = cluster_.scenario_time();
  outstanding_ += 1;
  cluster_.observer().on_client_request();
  if (idle_.empty()) {
    line_.push_back(std::move(request));
    return;
  }
  const ClientId client = idle_.front();
  idle_.pop_front();
  issue(client, std::move(request));
}

void Workload::issue(ClientId client, Request request) {
  const std::size_t slot = client.value() - clients_.front().value();
  keys_.follow(cluster_.committed());
  OperationRef operation;
  if (request.kind == TrafficOperation::kCompareAndSwap) {
    swap_read_[slot] = true;
    operation = make_simple(OperationKind::Read, existing(request));
  } else {
    operation = make_operation(request, slot);
  }
  current_[slot] = std::move(request);
  hub_.issue(client, std::move(operation));
}

void Workload::on_outcome(ClientId client, const message::ClientReply& reply) {
  const std::size_t slot = client.value() - clients_.front().value();
  Request& request = current_[slot];
  if (!sessions_.empty()) sessions_[slot].raise(reply.session);
  if (swap_read_[slot] && reply.status == ReplyStatus::Ok) {
    swap_read_[slot] = false;
    auto* swap = new Operation;
    swap->kind = OperationKind::CompareAndSwap;
    swap->collection = keys_.config().id;
    auto* document = new Document(*reply.result.document);
    document->content = ++next_content_;
    swap->document = DocumentRef(document);
    swap->expected = reply.result.version;
    return hub_.issue(client, OperationRef(swap));
  }
  swap_read_[slot] = false;
  outstanding_ -= 1;
  cluster_.observer().on_client_reply(reply.status, is_write(request.kind), request.intended);
  if (line_.empty()) {
    idle_.push_back(client);
    return;
  }
  Request next = std::move(line_.front());
  line_.pop_front();
  issue(client, std::move(next));
}

void Workload::drop_line() {
  outstanding_ -= line_.size();
  line_.clear();
}

// --- Operations ---------------------------------------------------------------------------------

DocumentRef Workload::existing(const Request& request) {
  if (!request.key.empty()) return keys_.make(request.key, Bytes(64), 0);
  const std::uint64_t count = std::max<std::uint64_t>(keys_.count(), 1);
  return keys_.make(chooser_.choose(count, elapsed(), choice_), Bytes(64), 0);
}

DocumentRef Workload::written(const Request& request, bool is_new) {
  const Bytes size = request.size ? *request.size : sample(collection_.document_size, sizes_);
  const std::uint64_t content = ++next_content_;
  if (!request.key.empty()) return keys_.make(request.key, size, content);
  if (is_new) return keys_.make(keys_.take_new(), size, content);
  return keys_.make(chooser_.choose(keys_.count(), elapsed(), choice_), size, content);
}

OperationRef Workload::make_simple(OperationKind kind, DocumentRef document) {
  auto* operation = new Operation;
  operation->kind = kind;
  operation->collection = keys_.config().id;
  operation->document = std::move(document);
  return OperationRef(operation);
}

OperationRef Workload::make_read(DocumentRef document, std::size_t slot) {
  if (sessions_.empty()) return make_simple(OperationKind::Read, std::move(document));
  auto* operation = new Operation;
  operation->collection = keys_.config().id;
  operation->read_from = ReadFrom::Replica;
  const auto shard = route(keys_.config(), *document);
  if (shard) operation->session = sessions_[slot].mark_of(*shard);
  operation->document = std::move(document);
  return OperationRef(operation);
}

OperationRef Workload::make_system_read() {
  const CollectionConfig& collection = keys_.config();
  auto* row = new Document;
  row->key = fmt::format("{}/{}", collection.full_name(), choice_.below(collection.num_shards));
  auto* operation = new Operation;
  operation->collection = kShardingCollection;
  operation->document = DocumentRef(row);
  return OperationRef(operation);
}

OperationRef Workload::make_operation(const Request& request, std::size_t slot) {
  const OperationKind kind = to_kind(request.kind);
  switch (request.kind) {
    case TrafficOperation::kRead: return make_read(existing(request), slot);
    case TrafficOperation::kRemove:
    case TrafficOperation::kCompareAndSwap: return make_simple(kind, existing(request));
    case TrafficOperation::kReplace: return make_simple(kind, written(request, false));
    case TrafficOperation::kInsert: return make_simple(kind, written(request, true));
    case TrafficOperation::kScan:
    case TrafficOperation::kCount: return make_simple(kind, nullptr);
    case TrafficOperation::kTransaction: return make_transaction(false);
    case TrafficOperation::kCrossShardTransaction: return make_transaction(true);
    case TrafficOperation::kMissingShardKey:
      return make_simple(kind, keys_.make_unroutable(keys_.count(), ++next_content_));
    case TrafficOperation::kSystem: return make_system_read();
  }
  return nullptr;
}

OperationRef Workload::make_transaction(bool across_shards) {
  auto* operation = new Operation;
  operation->kind = OperationKind::Transaction;
  operation->collection = keys_.config().id;
  const std::uint64_t count = std::max<std::uint64_t>(keys_.count(), 1);
  const std::uint64_t first = chooser_.choose(count, elapsed(), choice_);
  const ShardId shard = keys_.shard_of(first);
  // Neighbouring keys until enough lie right: with s shards, about every s-th is in the same one.
  const std::uint64_t tries =
      std::min<std::uint64_t>(count, 16ull * collection_.shards * spec_.transaction_size);
  for (std::uint64_t i = 0; i < tries && operation->steps.size() < spec_.transaction_size; ++i) {
    const std::uint64_t key = (first + i) % count;
    const bool fits = i == 0 || (keys_.shard_of(key) == shard) != across_shards;
    if (!fits) continue;
    const Bytes size = sample(collection_.document_size, sizes_);
    operation->steps.push_back({OperationKind::Replace, keys_.make(key, size, ++next_content_)});
  }
  // Every fourth has two steps of one document, the later of which has to see the earlier.
  if (!across_shards && steps_.chance(Ratio(1, 4))) write_twice(*operation, first);
  return OperationRef(operation);
}

void Workload::write_twice(Operation& operation, std::uint64_t key) {
  const Bytes size = sample(collection_.document_size, sizes_);
  const bool is_inserted = steps_.chance(Ratio(1, 2));
  if (is_inserted) operation.steps.front() = {OperationKind::Remove, keys_.make(key, Bytes(64), 0)};
  const OperationKind kind = is_inserted ? OperationKind::Insert : OperationKind::Replace;
  operation.steps.push_back({kind, keys_.make(key, size, ++next_content_)});
}

}  // namespace shardproof::sim
