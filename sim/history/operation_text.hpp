// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "sim/history/document_story.hpp"

namespace shardproof::sim::history {

/// What a client asked for, with contents by their names in the story: `replace #7`, `read`,
/// `remove`, `swap #5 for #7`.
std::string question_text(const HistoryRecord& record, const DocumentStory& story);

/// What it was told: `ok`, `-> #5`, `-> nothing`, `refused: has #5`, `unknown`, `no answer`.
std::string answer_text(const HistoryRecord& record, const DocumentStory& story);

}  // namespace shardproof::sim::history
