// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <vector>

#include "core/messages.hpp"

namespace shardproof::sim {

/// Messages on their way, each in a slot that is used again once it has arrived. O(1), no
/// allocation in the steady state.
class MessageSlab {
 public:
  std::uint32_t put(Message message) {
    if (free_.empty()) {
      messages_.push_back(std::move(message));
      return static_cast<std::uint32_t>(messages_.size() - 1);
    }
    const std::uint32_t slot = free_.back();
    free_.pop_back();
    messages_[slot] = std::move(message);
    return slot;
  }
  const Message& peek(std::uint32_t slot) const { return messages_[slot]; }
  Message take(std::uint32_t slot) {
    free_.push_back(slot);
    return std::move(messages_[slot]);
  }
  /// Calls `visit(message)` for each that is on its way, in order of slot. O(slots).
  template <typename Visit>
  void for_each(Visit&& visit) const {
    std::vector<bool> is_free(messages_.size());
    for (const std::uint32_t slot : free_) is_free[slot] = true;
    for (std::size_t slot = 0; slot < messages_.size(); ++slot) {
      if (!is_free[slot]) visit(messages_[slot]);
    }
  }

 private:
  std::vector<Message> messages_;
  std::vector<std::uint32_t> free_;
};

}  // namespace shardproof::sim
