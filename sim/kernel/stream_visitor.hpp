// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string_view>

#include "core/base/random.hpp"
#include "sim/kernel/streams.hpp"

namespace shardproof::sim {

/// Goes round the random streams of a world, to count what was drawn or to put others in their
/// place. Every part of the world that keeps a stream shows it by a function `visit_streams`, under
/// the name that it was made with; what is drawn at once and thrown away is not shown.
class StreamVisitor {
 public:
  virtual ~StreamVisitor() = default;
  virtual void on_stream(std::string_view component, std::uint64_t entity, std::string_view purpose,
                         Random& stream) = 0;
  /// Where a part of the world takes the streams from that it makes later.
  virtual void on_source(Streams& source) = 0;
};

/// Puts streams of another run's seed in the place of all: from here on the world goes on by chance
/// of its own. O(streams).
class Reseeding final : public StreamVisitor {
 public:
  explicit Reseeding(std::uint64_t run_seed) : streams_(run_seed) {}

  void on_stream(std::string_view component, std::uint64_t entity, std::string_view purpose,
                 Random& stream) override {
    stream = streams_.stream(component, entity, purpose);
  }
  void on_source(Streams& source) override { source = streams_; }

 private:
  Streams streams_;
};

}  // namespace shardproof::sim
