// SPDX-License-Identifier: Apache-2.0
#include "sim/campaign/claim_scope.hpp"

#include <algorithm>

#include "sim/run/expectations.hpp"

namespace shardproof::sim::campaign {
namespace {

bool measures_requests(std::string_view metric) {
  return metric.starts_with("client.") || metric.find("requests") != std::string_view::npos;
}

std::size_t orders(const ScenarioSpec& spec) {
  return static_cast<std::size_t>(
      std::count_if(spec.events.begin(), spec.events.end(),
                    [](const EventSpec& event) { return is_operators(event.action); }));
}

/// One that goes on to the end of the run does so however long the run is.
std::vector<TrafficSpec> traffic_of(const ScenarioSpec& spec) {
  std::vector<TrafficSpec> traffic = spec.traffic;
  for (TrafficSpec& one : traffic) {
    if (one.stop >= spec.duration) one.stop = Nanoseconds(0);
  }
  return traffic;
}

/// When the last scripted event is over; nothing if that is not known before the run.
std::optional<Nanoseconds> last_event_end(const ScenarioSpec& spec) {
  Nanoseconds last;
  if (!spec.chaos.empty()) return std::nullopt;
  for (const EventSpec& event : spec.events) {
    if (!event.time) return std::nullopt;
    last = std::max(last, *event.time + event.lasts.value_or(Nanoseconds(0)));
  }
  return last;
}

bool has_time_to_come_true(const ScenarioSpec& candidate, const ScenarioSpec& original) {
  if (candidate.duration >= original.duration) return true;
  const auto then = last_event_end(original);
  const auto now = last_event_end(candidate);
  return then && now && candidate.duration - *now >= original.duration - *then;
}

}  // namespace

bool is_within_scope(const ScenarioSpec& candidate, const ScenarioSpec& original,
                     const Failure& failure) {
  const auto claim = std::find_if(
      original.expectations.begin(), original.expectations.end(), [&](const auto& expectation) {
        return failure.broken_claim && describe(expectation) == failure.fingerprint.text;
      });
  if (claim == original.expectations.end()) return true;
  if (candidate.cluster != original.cluster || candidate.collections != original.collections) {
    return false;
  }
  const bool was_never_raised =
      failure.broken_claim->is_too_low && !failure.broken_claim->held_at_first;
  const bool needs_traffic =
      was_never_raised || measures_requests(metric_catalogue()[claim->metric].name);
  if (needs_traffic && traffic_of(candidate) != traffic_of(original)) return false;
  if (was_never_raised && orders(candidate) < orders(original)) return false;
  if (was_never_raised && candidate.duration < original.duration) return false;
  const bool is_of_end = claim->moment == ExpectationSpec::Moment::kEnd;
  return !is_of_end || has_time_to_come_true(candidate, original);
}

}  // namespace shardproof::sim::campaign
