// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

namespace shardproof::sim {

/// The text as one word of a command line: quoted for a shell unless it is plain.
std::string shell_word(const std::string& text);

}  // namespace shardproof::sim
