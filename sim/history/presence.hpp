// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <utility>
#include <vector>

#include "sim/history/zones.hpp"

namespace shardproof::sim::history {

/// Judges who found a document there or not: a removal is a write of "nothing". Other than
/// contents, removals are all alike, so that it is not known which of them a client saw, and the
/// zones do not decide. What must hold for each sighting alone is judged, against contents and
/// removals:
///
/// - a removal that is done does not lie within a content's zone;
/// - who found nothing did so outside every content's forward zone, and some removal (or the
///   world's beginning) comes before it without a content that has to be between the two;
/// - who found something, which a removal that is done did too, can have found some content, or one
///   of unknown outcome, without a removal that has to be between.
///
/// Each is necessary, so nothing is reported that has an explanation. It is not sufficient:
/// removals that two sightings need, where there is only one, are not noticed.
class Presence {
 public:
  /// `zones` are the story's and have no contradiction. O(n log n), and for each sighting the
  /// forward zones that begin while it lasts.
  std::optional<Contradiction> judge(const DocumentStory& story, const Zones& zones);

 private:
  /// Sightings, to be asked for the one that lasts longest of those that began by a time.
  class Reach {
   public:
    void clear() { begun_.clear(); }
    void add(Position from, Position until) { begun_.emplace_back(from, until); }
    void close();
    /// The latest end; nothing if none had begun by then. O(log n).
    std::optional<Position> of(Position begun_by) const;

   private:
    std::vector<std::pair<Position, Position>> begun_;
  };

  std::optional<Contradiction> judge_removals(const DocumentStory& story, const Zones& zones) const;
  std::optional<Contradiction> judge_absence(const DocumentStory& story, const Zones& zones,
                                             const Sighting& absence) const;
  std::optional<Contradiction> judge_presence(const DocumentStory& story,
                                              const Sighting& presence) const;
  void prepare(const DocumentStory& story, const Zones& zones);

  Reach removals_;
  Reach contents_;
  /// Ends of the removals, ascending.
  std::vector<Position> removed_by_;
  /// Backward zones as (end, latest begin of those that end by then), ascending.
  std::vector<std::pair<Position, Position>> moments_;
  /// Removals that are done, likewise.
  std::vector<std::pair<Position, Position>> done_;
};

}  // namespace shardproof::sim::history
