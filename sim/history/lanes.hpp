// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "sim/history/document_story.hpp"
#include "sim/observe/run_result.hpp"

namespace shardproof::sim::history {

/// The operations that contradict each other and some of those around them on the same document, in
/// the order in which they were asked for: at most eight, of at most three clients, unless the
/// contradiction alone has more. O(n log n) for n records.
ClientLanes lanes_of(const DocumentStory& story, const Contradiction& contradiction,
                     const std::string& document);

}  // namespace shardproof::sim::history
