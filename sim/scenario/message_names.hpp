// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string_view>
#include <vector>

#include "sim/scenario/codecs.hpp"

namespace shardproof::sim {

/// The types of messages by index of the alternative of `Message`: "ClientRequest", ...
const std::vector<std::string_view>& message_names();

/// A type of message, by name; its value is the index.
inline IndexOfName message_codec() { return {"type of message", message_names()}; }

}  // namespace shardproof::sim
