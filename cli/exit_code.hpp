// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "sim/observe/run_result.hpp"
#include "sim/run/runner.hpp"

namespace shardproof::cli {

/// What the program says to the one who called it.
enum class ExitCode : int {
  kOk = 0,            ///< every check and expectation held
  kFinding = 1,       ///< a violation, or an expectation that did not hold
  kUsage = 2,         ///< wrong usage, or a scenario that is not valid
  kInconclusive = 3,  ///< something that should have been judged was not
  kInternal = 4,      ///< an error of the program, or of input and output
  kInterrupted = 130,
};

/// Of several outcomes the one that matters most: interrupted, internal, usage, finding,
/// inconclusive, ok.
constexpr ExitCode worse(ExitCode a, ExitCode b) {
  const auto weight = [](ExitCode code) {
    switch (code) {
      case ExitCode::kOk: return 0;
      case ExitCode::kInconclusive: return 1;
      case ExitCode::kFinding: return 2;
      case ExitCode::kUsage: return 3;
      case ExitCode::kInternal: return 4;
      case ExitCode::kInterrupted: return 5;
    }
    return 4;
  };
  return weight(a) >= weight(b) ? a : b;
}

inline ExitCode code_of(sim::Verdict verdict) {
  switch (verdict) {
    case sim::Verdict::kPass: return ExitCode::kOk;
    case sim::Verdict::kFail: return ExitCode::kFinding;
    case sim::Verdict::kInconclusive: return ExitCode::kInconclusive;
  }
  return ExitCode::kInternal;
}

/// Of one run.
inline ExitCode code_of(const sim::RunResult& result) {
  return result.interrupted ? ExitCode::kInterrupted : code_of(result.verdict);
}

/// Of a run without a result. One that could not begin has judged nothing.
inline ExitCode code_of(const sim::RunError& error) {
  return error.is_of_set_up ? ExitCode::kInconclusive : ExitCode::kInternal;
}

}  // namespace shardproof::cli
