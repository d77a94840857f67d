// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "core/distribution/policy_option.hpp"
#include "sim/scenario/codecs.hpp"

namespace shardproof::sim {

/// What is set of policies, a table for each: `{ upmap = { deviation = 5 } }`.
struct OptionsOfPolicies {
  using Value = distribution::PolicyOptions;
  bool read(const SourceNode& node, Value& value, Diagnostics& diagnostics) const;
  std::string print(const Value& value) const;
  std::string schema() const;
};

}  // namespace shardproof::sim
