// SPDX-License-Identifier: Apache-2.0
#include "sim/cluster/loader.hpp"

#include <algorithm>
#include <optional>
#include <utility>

#include <fmt/format.h>

#include "core/base/humanise.hpp"
#include "sim/scenario/document_space.hpp"

namespace shardproof::sim {
namespace {

constexpr std::size_t kBatch = 64;
constexpr std::size_t kClients = 8;
constexpr std::size_t kClientsOfLargeDocuments = 64;
/// How far behind the next one a transaction may be that goes first, as its nodes have time.
constexpr std::size_t kLookAhead = 64;

/// A transaction in the making.
struct Filling {
  Operation* operation = nullptr;
  Bytes bytes;
};

/// How large each document is to be: drawn, or an equal part of what is told of its shard.
class DocumentSizes {
 public:
  DocumentSizes(const CollectionSpec& spec, const KeySpace& keys, Random random)
      : spec_(spec),
        first_(keys.config().first_shard),
        random_(random),
        left_(spec.shard_bytes.size()) {
    if (left_.empty()) return;
    for (std::uint64_t key = 0; key < spec.documents; ++key) left_[index(keys.shard_of(key))] += 1;
    bytes_ = spec.shard_bytes;
  }

  Bytes next(ShardId shard) {
    if (left_.empty()) return sample(spec_.document_size, random_);
    std::uint64_t& left = left_[index(shard)];
    Bytes& bytes = bytes_[index(shard)];
    const Bytes part = bytes / left;
    bytes -= part;
    left -= 1;
    return part;
  }
  /// The first shard that is to have a size and has no document; none if there is no such.
  std::optional<std::size_t> lacking() const {
    for (std::size_t i = 0; i < left_.size(); ++i) {
      if (left_[i] == 0 && spec_.shard_bytes[i] > Bytes(0)) return i;
    }
    return std::nullopt;
  }

 private:
  std::size_t index(ShardId shard) const { return shard.value() - first_.value(); }

  const CollectionSpec& spec_;
  ShardId first_;
  Random random_;
  /// By shard of the collection: documents and bytes that are not handed out yet.
  std::vector<std::uint64_t> left_;
  std::vector<Bytes> bytes_;
};

}  // namespace

LoadPace::LoadPace(const ScenarioSpec& spec, std::function<NodeList(ShardId)> holders)
    : document_max_(document_size_max(spec)),
      per_node_(load_in_flight_max(spec)),
      holders_(std::move(holders)) {}

bool LoadPace::begin(ShardId shard, Bytes bytes, NodeList& taken) {
  taken = holders_(shard);
  for (const NodeId node : taken) {
    const Bytes before = on_their_way_[node];
    if (before > Bytes(0) && bytes > per_node_ - std::min(per_node_, before)) return false;
  }
  for (const NodeId node : taken) on_their_way_[node] += bytes;
  return true;
}

void LoadPace::end(const NodeList& taken, Bytes bytes) {
  for (const NodeId node : taken) on_their_way_[node] -= bytes;
  for (const auto& waiting : std::exchange(waiting_, {})) waiting();
}

Loader::Loader(std::uint32_t number, const CollectionSpec& spec, const KeySpace& keys,
               ClientHub& hub, LoadPace& pace, Streams streams)
    : hub_(hub), pace_(pace) {
  // lint: stream not shown
  DocumentSizes sizes(spec, keys, streams.stream("loader", number, "sizes"));
  if (const auto shard = sizes.lacking()) {
    impossible_ = fmt::format(
        "{} in {} of \"{}.{}\", and none falls into shard {}, which is to hold {}: raise \"count\" "
        "of \"documents\"",
        human_number_of(spec.documents, "document"), human_number_of(spec.shards, "shard"),
        spec.database, spec.name, *shard,
        human_bytes(static_cast<double>(spec.shard_bytes[*shard].count())));
  }
  Bytes largest;
  std::map<ShardId, Filling> filling;
  const auto close = [&](ShardId shard, Filling& batch) {
    batches_.push_back({OperationRef(batch.operation), shard, batch.bytes, {}});
    batch = {};
  };
  for (std::uint64_t key = 0; key < spec.documents; ++key) {
    const ShardId shard = keys.shard_of(key);
    const Bytes size = sizes.next(shard);
    largest = std::max(largest, size);
    Filling& batch = filling[shard];
    if (batch.operation != nullptr && batch.bytes + size > pace_.batch_max()) {
      close(shard, batch);
      is_paced_ = true;
    }
    if (batch.operation == nullptr) {
      batch.operation = new Operation;
      batch.operation->kind = OperationKind::Transaction;
      batch.operation->collection = keys.config().id;
    }
    batch.operation->steps.push_back({OperationKind::Insert, keys.make(key, size, key + 1)});
    batch.bytes += size;
    if (batch.operation->steps.size() == kBatch) close(shard, batch);
  }
  for (auto& [shard, batch] : filling) {
    if (batch.operation != nullptr) close(shard, batch);
  }
  if (largest > pace_.document_max()) {
    impossible_ = fmt::format(
        "a document of \"{}.{}\" has {}, and more than {} are not written before somebody loses "
        "patience: lower the sizes, or raise the \"bandwidth\" of [disk] and \"network\" of nodes",
        spec.database, spec.name, human_bytes(largest), human_bytes(pace_.document_max()));
  }
  const std::size_t clients = is_paced_ ? kClientsOfLargeDocuments : kClients;
  for (std::size_t i = 0; i < clients; ++i) clients_.push_back(hub.add_client(*this));
}

void Loader::begin() {
  idle_.assign(clients_.rbegin(), clients_.rend());
  issue_next();
}

bool Loader::choose_next() {
  const std::size_t tried = std::min(kLookAhead, batches_.size());
  for (std::size_t i = 1; i <= tried; ++i) {
    Batch& batch = batches_[batches_.size() - i];
    if (!pace_.begin(batch.shard, batch.bytes, batch.nodes)) continue;
    std::swap(batch, batches_.back());
    return true;
  }
  return false;
}

void Loader::issue_next() {
  while (!idle_.empty() && !batches_.empty()) {
    if (!choose_next()) return wait();
    const ClientId client = idle_.back();
    idle_.pop_back();
    Batch& batch = current_[client];
    batch = std::move(batches_.back());
    batches_.pop_back();
    in_flight_ += 1;
    hub_.issue(client, batch.operation);
  }
}

void Loader::wait() {
  if (std::exchange(is_waiting_, true)) return;
  pace_.wait([this] {
    is_waiting_ = false;
    issue_next();
  });
}

void Loader::on_outcome(ClientId client, const message::ClientReply& reply) {
  in_flight_ -= 1;
  Batch done = std::move(current_[client]);
  // AlreadyExists: an attempt of unknown outcome had its effect after all.
  const bool loaded = reply.status == ReplyStatus::Ok || reply.status == ReplyStatus::AlreadyExists;
  if (!loaded) {
    trouble_ = to_string(reply.status);
    batches_.push_back(done);
  }
  idle_.push_back(client);
  pace_.end(done.nodes, done.bytes);
  issue_next();
}

}  // namespace shardproof::sim
