// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "sim/scenario/chaos_spec.hpp"
#include "sim/scenario/fields.hpp"
#include "sim/scenario/message_names.hpp"

namespace shardproof::sim {

/// One entry of `[chaos]`: `{ rate = "1/min", duration = "exponential(5s)" }`, with the parameters
/// of the family's action.
struct ChaosCodec {
  using Value = ChaosFault;
  ChaosFamily family;
  bool read(const SourceNode& node, ChaosFault& value, Diagnostics& diagnostics) const;
  std::string print(const ChaosFault& value) const;
  std::string schema() const;
};

/// The keys of `[chaos]`, as in fields.hpp.
template <typename Visitor>
void fields(Visitor& visitor, ChaosSpec& chaos) {
  visitor.field("budget", chaos.budget,
                OneOf<ChaosBudget>{{{"redundancy", ChaosBudget::kRedundancy},
                                    {"unlimited", ChaosBudget::kUnlimited}}});
  visitor.field("from", chaos.from, kDuration);
  visitor.optional("until", chaos.until, kPositiveDuration);
  for (std::size_t i = 0; i < kChaosFamilies; ++i) {
    const auto family = static_cast<ChaosFamily>(i);
    visitor.optional(to_string(family), chaos.faults[i], ChaosCodec{family});
  }
}

}  // namespace shardproof::sim
