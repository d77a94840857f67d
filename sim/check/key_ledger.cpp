// SPDX-License-Identifier: Apache-2.0
#include "sim/check/key_ledger.hpp"

#include <algorithm>
#include <cstring>

namespace shardproof::sim::check {
namespace {

constexpr std::size_t kFirstSlots = 1024;

std::uint32_t fingerprint_of(const KeyTag& tag) {
  return static_cast<std::uint32_t>(tag.check >> 32);
}

}  // namespace

KeyTag tag_of(ShardId shard, std::string_view key) {
  const std::uint64_t hash = stable_hash(key);
  std::uint64_t check = mix64(shard.value() + 1) ^ key.size();
  // In the machine's own byte order: a tag never leaves the process.
  while (!key.empty()) {
    std::uint64_t word = 0;
    const std::size_t count = std::min<std::size_t>(sizeof word, key.size());
    std::memcpy(&word, key.data(), count);
    check = combine64(check, word);
    key.remove_prefix(count);
  }
  return {hash, mix64(check)};
}

KeyLedger::KeyLedger() : slots_(kFirstSlots) {}

std::uint32_t KeyLedger::locate(const KeyTag& tag) const {
  const std::uint32_t fingerprint = fingerprint_of(tag);
  const std::size_t mask = slots_.size() - 1;
  for (std::size_t at = home(tag); slots_[at].index != KeyState::kNoKey; at = (at + 1) & mask) {
    const Slot& slot = slots_[at];
    if (slot.fingerprint == fingerprint && states_[slot.index].tag == tag) return slot.index;
  }
  return KeyState::kNoKey;
}

void KeyLedger::locate_all(std::span<const KeyTag> tags, std::span<std::uint32_t> places) const {
  constexpr std::size_t kAtOnce = 16;
  for (std::size_t begin = 0; begin < tags.size(); begin += kAtOnce) {
    const std::size_t end = std::min(begin + kAtOnce, tags.size());
    for (std::size_t i = begin; i < end; ++i) __builtin_prefetch(&slots_[home(tags[i])]);
    for (std::size_t i = begin; i < end; ++i) {
      const std::uint32_t first = slots_[home(tags[i])].index;
      if (first != KeyState::kNoKey) __builtin_prefetch(&states_[first]);
    }
    for (std::size_t i = begin; i < end; ++i) places[i] = locate(tags[i]);
  }
}

KeyState* KeyLedger::find(const KeyTag& tag) {
  const std::uint32_t index = locate(tag);
  return index == KeyState::kNoKey ? nullptr : &states_[index];
}

const KeyState* KeyLedger::find(const KeyTag& tag) const {
  const std::uint32_t index = locate(tag);
  return index == KeyState::kNoKey ? nullptr : &states_[index];
}

KeyState& KeyLedger::obtain(const KeyTag& tag, std::uint32_t& first) {
  const std::uint32_t found = locate(tag);
  if (found != KeyState::kNoKey) return states_[found];
  if ((states_.size() + 1) * 2 > slots_.size()) grow();
  const auto index = static_cast<std::uint32_t>(states_.size());
  KeyState& state = states_.emplace_back();
  details_.emplace_back();
  state.tag = tag;
  state.next = first;
  first = index;
  place(index);
  return state;
}

void KeyLedger::place(std::uint32_t index) {
  const KeyTag& tag = states_[index].tag;
  const std::size_t mask = slots_.size() - 1;
  std::size_t at = home(tag);
  while (slots_[at].index != KeyState::kNoKey) at = (at + 1) & mask;
  slots_[at] = {index, fingerprint_of(tag)};
}

void KeyLedger::grow() {
  slots_.assign(slots_.size() * 2, Slot{});
  for (std::uint32_t index = 0; index < states_.size(); ++index) place(index);
}

}  // namespace shardproof::sim::check
