// SPDX-License-Identifier: Apache-2.0
#include "sim/cluster/loader.hpp"

#include <optional>

#include <fmt/format.h>

#include "core/base/humanise.hpp"

namespace shardproof::sim {
namespace {

constexpr std::size_t kBatch = 64;
constexpr std::size_t kClients = 8;

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

Loader::Loader(std::uint32_t number, const CollectionSpec& spec, const KeySpace& keys,
               ClientHub& hub, Streams streams)
    : hub_(hub) {
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
  std::map<ShardId, Operation*> filling;
  const auto close = [&](Operation*& operation) {
    batches_.push_back(OperationRef(operation));
    operation = nullptr;
  };
  for (std::uint64_t key = 0; key < spec.documents; ++key) {
    const ShardId shard = keys.shard_of(key);
    Operation*& operation = filling[shard];
    if (operation == nullptr) {
      operation = new Operation;
      operation->kind = OperationKind::Transaction;
      operation->collection = keys.config().id;
    }
    operation->steps.push_back({OperationKind::Insert, keys.make(key, sizes.next(shard), key + 1)});
    if (operation->steps.size() == kBatch) close(operation);
  }
  for (auto& [shard, operation] : filling) {
    if (operation != nullptr) close(operation);
  }
  for (std::size_t i = 0; i < kClients; ++i) clients_.push_back(hub.add_client(*this));
}

void Loader::begin() {
  for (const ClientId client : clients_) issue_next(client);
}

void Loader::issue_next(ClientId client) {
  if (batches_.empty()) return;
  current_[client] = std::move(batches_.back());
  batches_.pop_back();
  in_flight_ += 1;
  hub_.issue(client, current_[client]);
}

void Loader::on_outcome(ClientId client, const message::ClientReply& reply) {
  in_flight_ -= 1;
  // AlreadyExists: an attempt of unknown outcome had its effect after all.
  const bool loaded = reply.status == ReplyStatus::Ok || reply.status == ReplyStatus::AlreadyExists;
  if (!loaded) {
    trouble_ = to_string(reply.status);
    batches_.push_back(current_[client]);
  }
  issue_next(client);
}

}  // namespace shardproof::sim
