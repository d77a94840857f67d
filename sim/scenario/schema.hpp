// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

namespace shardproof::sim {

/// The JSON schema (draft 7) of scenario files, made of the same lists of keys as the reader, for
/// editors and other tools. It knows what can be said of the shape of a file: keys, types, texts
/// with units; not whether names refer to something, or whether numbers make sense together.
std::string scenario_schema();

}  // namespace shardproof::sim
