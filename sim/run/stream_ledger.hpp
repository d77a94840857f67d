// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <compare>
#include <map>
#include <string>

#include "sim/kernel/stream_visitor.hpp"
#include "sim/observe/stream_uses.hpp"

namespace shardproof::sim {

/// Counts what a run draws from its streams without a cost per draw: at each mark it walks every
/// stream on from where it stood at the one before. O(draws since then) of the cheapest kind.
class StreamLedger final : public StreamVisitor {
 public:
  explicit StreamLedger(std::uint64_t run_seed) : run_seed_(run_seed) {}

  /// The next mark that is due; visit all streams after exactly so many events.
  std::uint64_t next_mark() const { return next_mark_; }
  /// Before the streams are visited. `events` are more than at the mark before.
  void begin_mark(std::uint64_t events);
  void on_stream(std::string_view component, std::uint64_t entity, std::string_view purpose,
                 Random& stream) override;
  void on_source(Streams&) override {}

  /// Delivered events at the last mark, zero before the first.
  std::uint64_t last_mark() const { return marks_.empty() ? 0 : marks_.back(); }
  StreamUses uses() const;

 private:
  struct Name {
    std::string site;
    std::uint64_t entity = 0;
    friend auto operator<=>(const Name&, const Name&) = default;
  };
  struct Stream {
    Random at;
    std::string subject;
    std::vector<std::uint64_t> draws;
  };

  std::uint64_t run_seed_;
  std::uint64_t next_mark_ = kFirstStreamMark;
  std::vector<std::uint64_t> marks_;
  std::map<Name, Stream> streams_;
};

}  // namespace shardproof::sim
