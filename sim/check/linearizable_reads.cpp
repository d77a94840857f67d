// SPDX-License-Identifier: Apache-2.0
#include "sim/check/linearizable_reads.hpp"

#include "sim/check/wording.hpp"

namespace shardproof::sim::check {

void LinearizableReads::on(const fact::ReadServed& read, const At& at) {
  evaluated();
  if (oracle_.shard(read.shard).excused) return;
  const KeyState* known = oracle_.find_key(read.shard, *read.operation->document);
  const std::string fault = find_fault(known, read);
  if (fault.empty()) return;
  report(at, {read.shard, {at.node}, {read.epoch, read.result.version.epoch}},
         fmt::format("{} answered a read of \"{}\" in {} at {} with {}: {}", at.node,
                     read.operation->document->key, read.shard, read.epoch,
                     answer_text(read.result), fault));
}

std::string LinearizableReads::find_fault(const KeyState* known,
                                          const fact::ReadServed& read) const {
  const VersionedDocument& result = read.result;
  if (known == nullptr) {
    const bool nothing = result.version == Version::zero() && !result.document;
    return nothing ? std::string() : "the key was never written";
  }
  // Returning what an acknowledged delete removed is no_resurrection's finding.
  const bool deleted = known->tombstone && known->observed == known->applied;
  if (result.version < known->observed) {
    if (deleted && result.document) return {};
    return fmt::format("{} of it was acknowledged or read before{}", known->observed,
                       deleted ? ", a delete" : "");
  }
  if (result.version > known->applied)
    return fmt::format("no more than {} of it is applied anywhere", known->applied);
  if (result.version < known->applied) return {};
  if (!result.document) return known->tombstone ? std::string() : "that document lives";
  const std::uint64_t digest =
      document_digest_hashed(known->tag.hash, result.version, false, result.document->content);
  return digest == known->digest ? std::string() : "that version has another content";
}

void LinearizableReads::on(const hook::Invoked& invoked, const At&) {
  const Operation& operation = *invoked.operation;
  if (operation.kind != OperationKind::Read || invoked.request.client.is_none()) return;
  if (operation.read_from != ReadFrom::Leader) return;
  const CollectionConfig* collection =
      oracle_.table().find_serving_collection(operation.collection);
  if (collection == nullptr || !operation.document) return;
  const auto shard = oracle_.shard_for(*collection, *operation.document);
  if (!shard) return;
  const std::uint32_t client = invoked.request.client.value();
  if (client >= clients_.size()) clients_.resize(client + 1);
  const KeyState* known = oracle_.find_key(*shard, *operation.document);
  clients_[client] = {invoked.request.sequence, known ? known->observed : Version::zero(), *shard};
}

void LinearizableReads::on(const hook::Replied& replied, const At& at) {
  const message::ClientReply& reply = replied.reply;
  if (reply.status != ReplyStatus::Ok && reply.status != ReplyStatus::NotFound) return;
  const std::uint32_t client = reply.request.client.value();
  if (client >= clients_.size() || clients_[client].sequence != reply.request.sequence) return;
  evaluated();
  const Client& read = clients_[client];
  if ((reply.status == ReplyStatus::Ok) != (reply.result.document != nullptr)) {
    report(at, {read.shard, {}, {reply.result.version.epoch}},
           fmt::format("{}, a read in {}, was told \"{}\" {} a document, at {}", reply.request,
                       read.shard, to_string(reply.status),
                       reply.result.document ? "with" : "without", reply.result.version));
  }
  // Versions of one shard are not comparable with those of the shard its documents have moved to.
  if (oracle_.collection_of(read.shard).successor.has_value()) return;
  if (reply.result.version >= read.floor || oracle_.shard(read.shard).excused) return;
  report(
      at, {read.shard, {}, {reply.result.version.epoch, read.floor.epoch}},
      fmt::format("{} was answered with {}{} from {}, and {} of it had been acknowledged or read "
                  "when it asked",
                  reply.request, answer_text(reply.result),
                  reply.result.document ? fmt::format(" of \"{}\"", reply.result.document->key)
                                        : std::string(),
                  read.shard, read.floor));
}

}  // namespace shardproof::sim::check
