// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "core/messages.hpp"
#include "core/ports.hpp"
#include "sim/cluster/world_event.hpp"

namespace shardproof::sim {

/// "message", "metadata", "timer", "disk", "boot", "script", "client", "operator", "sample",
/// "chaos".
std::string text_of(EventKind kind);
/// "n1", "k4" for a client, "metadata", "operator".
std::string text_of(Endpoint endpoint);
/// "Heartbeat", "Campaign", ...
std::string text_of(TimerKind kind);
/// What the message says, without its name, in one line. O(1) but for records of tables.
std::string text_of(const Message& message);

}  // namespace shardproof::sim
