// SPDX-License-Identifier: Apache-2.0
#pragma once

namespace shardproof::cli {

/// From now on the first SIGINT or SIGTERM only sets the flag, so that the run can end in order;
/// the second one ends the program at once.
void catch_interrupts();
bool is_interrupted();

}  // namespace shardproof::cli
