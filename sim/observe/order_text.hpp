// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "core/messages.hpp"

namespace shardproof::sim {

/// What an operator orders, in a few words: "drain n3", "replication of shop.orders at 2".
std::string describe(const message::AdminRequest& request);

}  // namespace shardproof::sim
