// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/base/random.hpp"
#include "sim/history/history_testing.hpp"

/// Histories that a correct document has shown.
namespace shardproof::sim::history {

struct TrueHistorySettings {
  std::uint32_t operations = 40;
  std::uint32_t clients = 4;
  bool conditional = true;   ///< inserts, removals and swaps, not only replaces
  bool by_replicas = false;  ///< half of all reads
  Ratio unknown = Ratio(1, 8);
};

/// A register at work: each operation takes effect at a moment of its own between question and
/// answer, or, if its outcome is unknown, at any time after the question or never.
class TrueRegister {
 public:
  TrueRegister(const TrueHistorySettings& settings, Random& random)
      : settings_(settings), random_(random) {}

  std::vector<Told> run() {
    draw();
    std::sort(moments_.begin(), moments_.end());
    floors_.assign(settings_.clients, 0);
    known_.assign(settings_.clients, 0);
    states_.assign(1, {0, 0});
    for (const auto& [point, i] : moments_) take_effect(point, told_[i]);
    return told_;
  }

 private:
  void draw() {
    std::vector<std::uint64_t> free_at(settings_.clients, 1);
    for (std::uint32_t i = 0; i < settings_.operations; ++i) {
      Told& told = told_.emplace_back();
      told.client = static_cast<std::uint32_t>(random_.below(settings_.clients));
      told.kind = draw_kind();
      told.from = free_at[told.client] + random_.below(12);
      std::uint64_t point = told.from + 1 + random_.below(6);
      told.until = point + 1 + random_.below(6);
      free_at[told.client] = told.until;
      if (is_write(told.kind)) {
        told.content = i + 1;
        if (told.kind == OperationKind::Remove) told.content = 0;
        if (random_.chance(settings_.unknown)) {
          told.status = ReplyStatus::Unknown;
          point += random_.below(40);
        }
      } else {
        told.by_replica = settings_.by_replicas && random_.chance(Ratio(1, 2));
      }
      moments_.emplace_back(point, i);
    }
  }

  OperationKind draw_kind() {
    static constexpr OperationKind kKinds[] = {
        OperationKind::Read,   OperationKind::Replace, OperationKind::Read,
        OperationKind::Insert, OperationKind::Remove,  OperationKind::CompareAndSwap};
    return kKinds[random_.below(settings_.conditional ? 6 : 2)];
  }

  void take_effect(std::uint64_t point, Told& told) {
    std::uint64_t& known = known_[told.client];
    const std::uint64_t present = states_.back().second;
    if (told.kind == OperationKind::Read) return read_at(point, told);
    if (told.kind == OperationKind::CompareAndSwap) told.present = known;
    const bool is_unknown = told.status == ReplyStatus::Unknown;
    if (is_unknown && random_.chance(Ratio(1, 2))) return;
    const ReplyStatus status = decide(told, present);
    if (status == ReplyStatus::Ok) states_.emplace_back(point, told.content);
    if (is_unknown) return;
    told.status = status;
    if (status != ReplyStatus::Ok) told.present = present;
    floors_[told.client] = point;
    // As the history has it: a refusal that shows the document is known like a read.
    if (status != ReplyStatus::Ok && present != 0) known = present;
  }

  static ReplyStatus decide(const Told& told, std::uint64_t present) {
    switch (told.kind) {
      case OperationKind::Insert:
        return present == 0 ? ReplyStatus::Ok : ReplyStatus::AlreadyExists;
      case OperationKind::Remove: return present == 0 ? ReplyStatus::NotFound : ReplyStatus::Ok;
      case OperationKind::CompareAndSwap:
        return present == told.present && present != 0 ? ReplyStatus::Ok
                                                       : ReplyStatus::VersionMismatch;
      default: return ReplyStatus::Ok;
    }
  }

  void read_at(std::uint64_t point, Told& told) {
    std::uint64_t as_of = point;
    std::uint64_t& floor = floors_[told.client];
    if (told.by_replica) {
      const std::uint64_t behind = random_.below(kEventsBehind - 10);
      as_of = std::max(floor, point - std::min(point, behind));
    }
    floor = std::max(floor, as_of);
    const auto later =
        std::upper_bound(states_.begin(), states_.end(), std::pair(as_of, ~std::uint64_t{0}));
    told.content = (later - 1)->second;
    told.status = told.content == 0 ? ReplyStatus::NotFound : ReplyStatus::Ok;
    if (told.content != 0) known_[told.client] = told.content;
  }

  const TrueHistorySettings& settings_;
  Random& random_;
  std::vector<Told> told_;
  /// When each takes effect.
  std::vector<std::pair<std::uint64_t, std::size_t>> moments_;
  /// Since when what was there; 0 is nothing.
  std::vector<std::pair<std::uint64_t, std::uint64_t>> states_;
  /// By client: as of when its last answer was, and the content that it read last.
  std::vector<std::uint64_t> floors_;
  std::vector<std::uint64_t> known_;
};

inline std::vector<Told> true_history(const TrueHistorySettings& settings, Random& random) {
  return TrueRegister(settings, random).run();
}

}  // namespace shardproof::sim::history
