// SPDX-License-Identifier: Apache-2.0
#include "core/unknown_collections.hpp"

#include <algorithm>

#include "core/table_watcher.hpp"

namespace shardproof {
namespace {

template <typename Condition>
std::vector<UnknownCollections::Waiting> take_if(std::vector<UnknownCollections::Waiting>& waiting,
                                                 Condition condition) {
  const auto first = std::stable_partition(
      waiting.begin(), waiting.end(),
      [&](const UnknownCollections::Waiting& request) { return !condition(request); });
  std::vector<UnknownCollections::Waiting> taken(std::make_move_iterator(first),
                                                 std::make_move_iterator(waiting.end()));
  waiting.erase(first, waiting.end());
  return taken;
}

}  // namespace

void UnknownCollections::add(Endpoint client, const message::ClientRequest& request, Step& step) {
  const std::uint64_t read = step.watcher.next_read(step);
  waiting_.push_back({client, request, read, step.now + step.config.timing.request_timeout});
}

std::vector<UnknownCollections::Waiting> UnknownCollections::take_covered(Step& step) {
  const std::uint64_t answered = step.watcher.last_answered();
  auto covered =
      take_if(waiting_, [&](const Waiting& request) { return request.read <= answered; });
  if (!waiting_.empty()) step.watcher.refresh(step);
  return covered;
}

std::vector<UnknownCollections::Waiting> UnknownCollections::take_expired(Instant now) {
  return take_if(waiting_, [&](const Waiting& request) { return request.deadline <= now; });
}

}  // namespace shardproof
