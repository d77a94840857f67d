// SPDX-License-Identifier: Apache-2.0
#include "sim/run/stream_ledger.hpp"

#include <algorithm>
#include <array>

#include <fmt/format.h>

#include "core/base/check.hpp"
#include "sim/cluster/message_text.hpp"
#include "sim/cluster/node_fault_points.hpp"
#include "sim/scenario/chaos_spec.hpp"

namespace shardproof::sim {
namespace {

/// No stream draws so often between two marks; one that seems to is not the one of its name.
constexpr std::uint64_t kDrawsMax = std::uint64_t{1} << 32;

/// Whom a stream of the component is for.
std::string subject_of(std::string_view component, std::uint64_t entity) {
  if (component == "network") {
    const auto raw = static_cast<std::uint32_t>(entity);
    if (raw == Endpoint::metadata().raw()) return text_of(Endpoint::metadata());
    if (raw == Endpoint::operator_console().raw()) return text_of(Endpoint::operator_console());
    const Endpoint first_client = Endpoint::client(ClientId(0));
    if (raw < first_client.raw()) return fmt::format("{}", NodeId(raw));
    return fmt::format("{}", ClientId(raw - first_client.raw()));
  }
  if (component == "node" || component == "disk") {
    return fmt::format("{}", NodeId(static_cast<NodeId::Rep>(entity)));
  }
  if (component == "client") {
    return fmt::format("{}", ClientId(static_cast<ClientId::Rep>(entity)));
  }
  if (component == "fault_point") return fault_point_subject(entity);
  if (component == "chaos") return std::string(to_string(static_cast<ChaosFamily>(entity)));
  constexpr std::array<std::string_view, 4> kOfTheWorld = {"clog", "metadata", "operator",
                                                           "scheduler"};
  if (std::find(kOfTheWorld.begin(), kOfTheWorld.end(), component) != kOfTheWorld.end()) return {};
  return fmt::format("{}", entity);
}

std::uint64_t walk(Random& from, const Random& to) {
  std::uint64_t draws = 0;
  while (!(from == to) && draws < kDrawsMax) {
    from.next();
    ++draws;
  }
  return draws;
}

}  // namespace

void StreamLedger::begin_mark(std::uint64_t events) {
  SHARDPROOF_CHECK(events > last_mark(), "events={}", events);
  marks_.push_back(events);
  while (next_mark_ <= events) next_mark_ *= 2;
}

void StreamLedger::on_stream(std::string_view component, std::uint64_t entity,
                             std::string_view purpose, Random& stream) {
  Name name{fmt::format("{}.{}", component, purpose), entity};
  auto found = streams_.find(name);
  if (found == streams_.end()) {
    Stream fresh{
        Random::named(run_seed_, component, entity, purpose), subject_of(component, entity), {}};
    found = streams_.emplace(std::move(name), std::move(fresh)).first;
  }
  Stream& known = found->second;
  // A stream that is new at this mark has drawn nothing at those before.
  known.draws.resize(marks_.size(), known.draws.empty() ? 0 : known.draws.back());
  const std::uint64_t drawn = walk(known.at, stream);
  SHARDPROOF_CHECK(drawn < kDrawsMax, "the stream {}.{} of {} is not the one of its name",
                   component, purpose, entity);
  known.draws.back() += drawn;
}

StreamUses StreamLedger::uses() const {
  StreamUses uses{marks_, {}};
  for (const auto& [name, stream] : streams_) {
    uses.streams.push_back({name.site, stream.subject, stream.draws});
    std::vector<std::uint64_t>& draws = uses.streams.back().draws;
    draws.resize(marks_.size(), draws.empty() ? 0 : draws.back());
  }
  return uses;
}

}  // namespace shardproof::sim
