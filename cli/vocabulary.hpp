// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

/// What `list` lists and `explain` explains: names with what they mean, gathered from the rooms
/// that define them.
namespace shardproof::cli {

struct Entry {
  std::string name;
  std::string line;   ///< what it is, in one line
  std::string more;   ///< the rest of the explanation, lines without indentation; may be empty
  std::string alias;  ///< another name to ask by; may be empty
};

/// Entries of one topic of `list`, in the order of their definition (metrics and invariants
/// ascend).
std::vector<Entry> entries(std::string_view list_topic);

/// The topic of `list` that a topic of `explain` is about: "policies" for "policy".
std::string_view list_topic_of(std::string_view explain_topic);

}  // namespace shardproof::cli
