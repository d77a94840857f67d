// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <type_traits>
#include <variant>

#include "core/messages.hpp"

namespace shardproof::sim {

/// The shard that a message is about, or none if it names none.
inline ShardId shard_of(const Message& message) {
  return std::visit(
      [](const auto& one) {
        if constexpr (requires { one.shard; }) {
          return one.shard;
        } else {
          return ShardId::none();
        }
      },
      message);
}

}  // namespace shardproof::sim
