// SPDX-License-Identifier: Apache-2.0
#include "sim/cluster/run_place.hpp"

#include <fmt/format.h>

#include "core/base/humanise.hpp"
#include "sim/cluster/message_text.hpp"
#include "sim/scenario/chaos_spec.hpp"
#include "sim/scenario/message_names.hpp"

namespace shardproof::sim {
namespace {

std::string who(Endpoint endpoint) {
  if (endpoint.is_metadata()) return "the metadata store";
  if (endpoint.is_operator()) return "the operator's console";
  return (endpoint.is_client() ? "client " : "") + sim::text_of(endpoint);
}

/// "AppendEntries of s3 from n0"
std::string message_text(const RunPlace& place) {
  std::string text(message_names()[place.message]);
  if (place.shard.has_value()) text += fmt::format(" of {}", place.shard);
  return text + " from " + who(place.what.from);
}

/// What the one whom the event befalls was doing, or did.
std::string deed(const RunPlace& place) {
  const std::string handles =
      who(place.what.to) + (place.is_within ? " was handling " : " handled ");
  switch (place.what.kind) {
    case EventKind::Message:
    case EventKind::Metadata: return handles + message_text(place);
    case EventKind::Timer:
      return handles + "its timer " + sim::text_of(static_cast<TimerKind>(place.what.detail));
    case EventKind::DiskDone: return handles + "the end of an operation of its disk";
    case EventKind::Boot:
      return who(place.what.to) + (place.is_within ? " was booting" : " booted");
    case EventKind::Client: return handles + "a timer of its own";
    case EventKind::Cpu: return handles + "what had waited for its slow CPU";
    case EventKind::Watch: return handles + "commits of which watchers were to be told";
    case EventKind::Operator:
      return fmt::format("the operator asked again for request {}", place.what.word);
    case EventKind::Script: return "a step of a scripted event was due";
    case EventKind::Sample: return "metrics were sampled";
    case EventKind::Chaos:
      return fmt::format("a random fault was due: {}",
                         to_string(static_cast<ChaosFamily>(place.what.word)));
  }
  return "?";
}

}  // namespace

std::string text_of(const RunPlace& place) {
  if (place.event == 0) return "before the first event";
  const std::string time = place.has_begun
                               ? fmt::format("{}", Instant(place.time - place.origin))
                               : fmt::format("{} of setting the cluster up", place.time);
  return fmt::format("at {}, {}event {}: {}", time, place.is_within ? "" : "after ",
                     human_count(place.event), deed(place));
}

}  // namespace shardproof::sim
