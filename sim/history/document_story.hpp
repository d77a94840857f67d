// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <limits>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "sim/observe/history.hpp"

namespace shardproof::sim::history {

/// A place in the order of all questions and answers of a run: twice the number of the event, and
/// one more for a question, so that an answer comes before what is asked in the same event.
using Position = std::uint64_t;
constexpr Position kNever = std::numeric_limits<Position>::max();
constexpr std::uint32_t kNoIndex = std::numeric_limits<std::uint32_t>::max();

constexpr Position asked(const HistoryRecord& record) { return record.asked_event * 2 + 1; }
/// When the operation was over for certain: never, if it may still have its effect.
Position answered(const HistoryRecord& record);

/// Something was the case, or happened, at one moment between the two.
struct Sighting {
  Position from = 0;
  Position until = 0;
  std::uint32_t record = kNoIndex;  ///< who says so; none: the world's beginning
};

/// One content of a document and everybody who wrote or saw it: one block of operations in every
/// order that explains the history, for no content is written twice. It is known from
/// `first_answer` on, and must not have been replaced before `last_ask`.
struct ValueStory {
  std::uint64_t content = 0;
  std::uint32_t write = kNoIndex;  ///< record
  Position written_from = 0;
  Position first_answer = kNever;
  std::uint32_t first_answer_of = kNoIndex;  ///< record
  Position last_ask = 0;
  std::uint32_t last_ask_of = kNoIndex;  ///< record
  /// Whether the write took effect: it is done, or was seen.
  bool happened = false;
};

/// Why a history has no explanation. `records` are the operations that contradict each other, the
/// one that shows it last.
struct Contradiction {
  enum class Kind : std::uint8_t {
    kNoSuchWrite,   ///< a content that nobody wrote, or whose write was refused
    kFuture,        ///< a content that was asked for only after it was read
    kStale,         ///< two contents, each of which has to come before the other
    kLost,          ///< nothing was found while a content must have been there
    kNeverRemoved,  ///< nothing was found, and no removal can be the reason
    kResurrected,   ///< a content was seen after its document was removed
    kNeverWritten,  ///< the document was there, and nothing can have been written
    kSwappedTwice,  ///< one content was swapped for two others
    kWentBack,      ///< a client was told of something older than before
    kSplitOrder,    ///< two clients saw two contents in opposite orders
  };
  Kind kind = Kind::kNoSuchWrite;
  std::vector<std::uint32_t> records;
  std::string text;
};

/// How old, in true time, a replica's answer may be: what it does not show was asked for later than
/// that, or answered later.
struct Staleness {
  Nanoseconds age_max;
};

/// What is known of one document: the history's records of its key, sorted by what they say. A read
/// by a replica says what was there at most `age_max` before it was asked for.
///
/// What is left out is left out soundly: a write of unknown outcome that nobody saw, refusals that
/// do not say what was there, and the order of several steps of one transaction. Cost: O(n log n)
/// for n records; the buffers are used again by the next document.
class DocumentStory {
 public:
  explicit DocumentStory(const History& history, Staleness staleness)
      : history_(history), staleness_(staleness) {}

  /// `own`: the key's records, in their order. Afterwards `flaw` says what is wrong with single
  /// records.
  void tell(std::span<const std::uint32_t> own);

  const HistoryRecord& record(std::uint32_t index) const { return history_.records()[index]; }
  std::span<const std::uint32_t> own() const { return own_; }
  /// In the order in which they were asked for; refused writes are among them, and never happened.
  const std::vector<ValueStory>& values() const { return values_; }
  /// Removals that may have happened, the world's beginning among them.
  const std::vector<Sighting>& removals() const { return removals_; }
  /// The document did not live.
  const std::vector<Sighting>& absences() const { return absences_; }
  /// It lived, with a content that nobody was told.
  const std::vector<Sighting>& presences() const { return presences_; }
  /// A content was written twice (a load that was repeated): nothing can be said.
  bool is_ambiguous() const { return is_ambiguous_; }
  const std::optional<Contradiction>& flaw() const { return flaw_; }

  /// kNoIndex if nobody asked to write it. O(log n).
  std::uint32_t find(std::uint64_t content) const;
  /// Since when the record's answer may have been true.
  Position true_from(const HistoryRecord& record) const;
  /// `#7`: the seventh content that was asked for.
  std::string name_of(std::uint64_t content) const;
  /// `k3's replace #7`, `k4's read`.
  std::string question_of(std::uint32_t record) const;
  /// The same with what a read was told: `k4's read -> #5`.
  std::string describe(std::uint32_t record) const;

 private:
  void note_write(std::uint32_t index);
  void sort_contents();
  void note_sight(std::uint32_t index);
  void note_value(std::uint32_t index);
  void add_to(ValueStory& value, std::uint32_t index, Position from, Position until);

  const History& history_;
  Staleness staleness_;
  std::span<const std::uint32_t> own_;
  std::vector<ValueStory> values_;
  /// Indices of `values_`, by content.
  std::vector<std::uint32_t> by_content_;
  std::vector<Sighting> removals_;
  std::vector<Sighting> absences_;
  std::vector<Sighting> presences_;
  bool is_ambiguous_ = false;
  std::optional<Contradiction> flaw_;
};

}  // namespace shardproof::sim::history
