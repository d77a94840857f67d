// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <utility>

#include "sim/check/findings.hpp"
#include "sim/check/oracle.hpp"

namespace shardproof::sim::check {

/// What every monitor has: the oracle and a way to report. `Self` has a `static constexpr
/// InvariantInfo kInvariant` and a member `void on(const X&, const At&)` for each fact or hook X
/// that it wants, called before the oracle takes X in. `evaluated` counts one judgement of the
/// invariant.
template <typename Self>
class Monitor {
 public:
  Monitor(Oracle& oracle, Findings& findings) : oracle_(oracle), findings_(findings) {}

 protected:
  void evaluated() { findings_.evaluated(Self::kInvariant.number); }
  void report(const At& at, Subject subject, std::string detail, Findings::Explain explain = {}) {
    findings_.report(Self::kInvariant, at, std::move(subject), std::move(detail),
                     std::move(explain));
  }

  Oracle& oracle_;
  Findings& findings_;
};

}  // namespace shardproof::sim::check
