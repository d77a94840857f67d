// SPDX-License-Identifier: Apache-2.0
#include "sim/scenario/message_names.hpp"

#include <utility>

#include "core/messages.hpp"

namespace shardproof::sim {
namespace {

template <std::size_t... kKinds>
std::vector<std::string_view> names_of(std::index_sequence<kKinds...>) {
  return {message_name(Message(std::in_place_index<kKinds>))...};
}

}  // namespace

const std::vector<std::string_view>& message_names() {
  static const std::vector<std::string_view> kNames =
      names_of(std::make_index_sequence<kMessageKinds>{});
  return kNames;
}

}  // namespace shardproof::sim
