// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <vector>

#include "sim/scenario/actions.hpp"

namespace shardproof::sim {

/// The selectors of an action, to be changed.
inline std::vector<NodeSelector*> selectors_of(Action& action) {
  return std::visit(
      [](auto& one) -> std::vector<NodeSelector*> {
        if constexpr (requires { one.with; }) {
          return {&one.node, &one.with};
        } else if constexpr (requires { one.node; }) {
          return {&one.node};
        } else if constexpr (requires { one.from; }) {
          return {&one.from, &one.to};
        } else {
          return {};
        }
      },
      action);
}

/// Those of its message, too.
inline std::vector<NodeSelector*> selectors_of(EventSpec& event) {
  std::vector<NodeSelector*> all = selectors_of(event.action);
  if (event.message) all.insert(all.end(), {&event.message->from, &event.message->to});
  return all;
}

}  // namespace shardproof::sim
