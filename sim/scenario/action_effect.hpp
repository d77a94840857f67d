// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>

#include "sim/scenario/actions.hpp"
#include "sim/scenario/text_error.hpp"

namespace shardproof::sim {

/// What to say of an action that changes nothing whenever it happens, by its own parameters;
/// nothing of any other.
std::optional<TextError> idle_text(const Action& action);

}  // namespace shardproof::sim
