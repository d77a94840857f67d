// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <string>
#include <tuple>
#include <vector>

#include "sim/history/judge.hpp"

/// Histories of one document told by hand: each operation says when it was asked for and answered,
/// as numbers of events; a millisecond lies between two events.
namespace shardproof::sim::history {

struct Told {
  std::uint32_t client = 0;
  OperationKind kind = OperationKind::Read;
  /// Written, or else seen; 0 is nothing.
  std::uint64_t content = 0;
  std::uint64_t from = 0;
  std::uint64_t until = 0;  ///< 0: never answered
  ReplyStatus status = ReplyStatus::Ok;
  /// Of a swap: what it takes to be there. Of a refusal: what was there.
  std::uint64_t present = 0;
  bool by_replica = false;
};

inline Told replace(std::uint32_t client, std::uint64_t content, std::uint64_t from,
                    std::uint64_t until) {
  return {client, OperationKind::Replace, content, from, until};
}
inline Told insert(std::uint32_t client, std::uint64_t content, std::uint64_t from,
                   std::uint64_t until) {
  return {client, OperationKind::Insert, content, from, until};
}
inline Told removal(std::uint32_t client, std::uint64_t from, std::uint64_t until) {
  return {client, OperationKind::Remove, 0, from, until};
}
inline Told swap(std::uint32_t client, std::uint64_t present, std::uint64_t content,
                 std::uint64_t from, std::uint64_t until) {
  return {client, OperationKind::CompareAndSwap, content, from, until, ReplyStatus::Ok, present};
}
inline Told read(std::uint32_t client, std::uint64_t content, std::uint64_t from,
                 std::uint64_t until) {
  const ReplyStatus status = content == 0 ? ReplyStatus::NotFound : ReplyStatus::Ok;
  return {client, OperationKind::Read, content, from, until, status};
}
inline Told replica_read(std::uint32_t client, std::uint64_t content, std::uint64_t from,
                         std::uint64_t until) {
  Told told = read(client, content, from, until);
  told.by_replica = true;
  return told;
}
inline Told with_status(Told told, ReplyStatus status, std::uint64_t present = 0) {
  told.status = status;
  told.present = present;
  return told;
}

inline DocumentRef document_with(std::uint64_t content) {
  auto* document = new Document;
  document->key = "a";
  document->content = content;
  return DocumentRef(document);
}

/// A content's version is its number.
inline Version version_with(std::uint64_t content) { return {Epoch(1), LogIndex(content)}; }

inline Instant time_of(std::uint64_t event) {
  return Instant(milliseconds(static_cast<std::int64_t>(event)));
}

inline void ask(History& history, RequestId request, const Told& told) {
  Operation operation;
  operation.kind = told.kind;
  operation.document = document_with(is_write(told.kind) ? told.content : 0);
  operation.expected = version_with(told.present);
  operation.read_from = told.by_replica ? ReadFrom::Replica : ReadFrom::Leader;
  history.on_ask(request, operation, CollectionId(0), time_of(told.from), told.from);
}

inline void answer(History& history, RequestId request, const Told& told) {
  message::ClientReply reply;
  reply.request = request;
  reply.status = told.status;
  const bool is_seen = told.kind == OperationKind::Read || told.status != ReplyStatus::Ok;
  const std::uint64_t seen = told.kind == OperationKind::Read ? told.content : told.present;
  if (is_seen && seen != 0) reply.result = {version_with(seen), document_with(seen)};
  history.on_answer(reply, time_of(told.until), told.until);
}

/// Each operation is a request of its own. In any order; of the events of one number, answers come
/// first. A client that was asked for two things at once is two clients.
inline History history_of(const std::vector<Told>& operations) {
  std::vector<std::tuple<std::uint64_t, bool, std::size_t>> moments;
  for (std::size_t i = 0; i < operations.size(); ++i) {
    moments.emplace_back(operations[i].from, true, i);
    if (operations[i].until != 0) moments.emplace_back(operations[i].until, false, i);
  }
  std::sort(moments.begin(), moments.end());
  History history(true);
  for (const auto& [event, is_question, i] : moments) {
    const RequestId request{ClientId(operations[i].client), static_cast<std::uint32_t>(i + 1)};
    is_question ? ask(history, request, operations[i]) : answer(history, request, operations[i]);
  }
  return history;
}

/// Replicas may be this many events behind.
inline constexpr std::int64_t kEventsBehind = 50;

inline Judgement judgement_of(const History& history) {
  return judge(history, {milliseconds(kEventsBehind)}, [](const History::Key&) { return false; });
}

/// What is wrong with the document, if something is.
inline std::optional<Contradiction> judge_told(const std::vector<Told>& operations) {
  const History history = history_of(operations);
  std::vector<std::uint32_t> own(history.records().size());
  for (std::uint32_t i = 0; i < own.size(); ++i) own[i] = i;
  DocumentJudge judge(history, {milliseconds(kEventsBehind)});
  return judge.judge(own);
}

}  // namespace shardproof::sim::history
