// SPDX-License-Identifier: Apache-2.0
#include "sim/cluster/loader.hpp"

namespace shardproof::sim {
namespace {

constexpr std::size_t kBatch = 64;
constexpr std::size_t kClients = 8;

}  // namespace

Loader::Loader(std::uint32_t number, const CollectionSpec& spec, const KeySpace& keys,
               ClientHub& hub, Streams streams)
    : hub_(hub) {
  Random sizes = streams.stream("loader", number, "sizes");  // lint: stream not shown
  std::map<ShardId, Operation*> filling;
  const auto close = [&](Operation*& operation) {
    batches_.push_back(OperationRef(operation));
    operation = nullptr;
  };
  for (std::uint64_t key = 0; key < spec.documents; ++key) {
    Operation*& operation = filling[keys.shard_of(key)];
    if (operation == nullptr) {
      operation = new Operation;
      operation->kind = OperationKind::Transaction;
      operation->collection = keys.config().id;
    }
    operation->steps.push_back(
        {OperationKind::Insert, keys.make(key, sample(spec.document_size, sizes), key + 1)});
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
