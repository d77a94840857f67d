// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "core/base/ids.hpp"
#include "core/base/units.hpp"

namespace shardproof::sim {

/// Ends an action's effect.
using Undo = std::function<void()>;

/// Something that an action does later.
struct Step {
  Nanoseconds delay;  ///< from the action on
  std::function<void()> act;
};

/// What an action has done, and how it ends.
struct Applied {
  /// It changed something in the world, or gave a command to the cluster.
  bool happened = false;
  /// Null for what does not end by itself.
  Undo undo;
  /// Nodes that come down or go one by one: the action is to be repeated for each later, and only
  /// then happens.
  std::vector<NodeId> staggered;
  /// Of what has not happened, the reason: "n3 was down already".
  std::string why_not;
  /// What is still to be done before it ends, in order of time. Nothing once it has ended.
  std::vector<Step> steps = {};

  static Applied done(Undo undo = {}) { return {true, std::move(undo), {}, {}, {}}; }
  static Applied nothing(std::string why_not) { return {false, {}, {}, std::move(why_not), {}}; }
};

}  // namespace shardproof::sim
