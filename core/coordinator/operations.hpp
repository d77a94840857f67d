// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <map>
#include <set>
#include <string>
#include <utility>

#include "core/step.hpp"

namespace shardproof {

struct Tenure;

/// How far an operator's command is.
struct Progress {
  enum class Stage {
    Waiting,  ///< not answered yet: it will be soon
    Running,  ///< answered as accepted; done when it is asked for again
    Done,
    Refused,
  };
  Stage stage = Stage::Waiting;
  /// For a person; of Waiting: what it awaits, as a noun.
  std::string text;
};

inline Progress waiting(std::string for_what) {
  return {Progress::Stage::Waiting, std::move(for_what)};
}

/// Operators' commands under way. Each is a question of what is still to be done for its intent,
/// asked again on every tick until it has ended; so repeating it, to this coordinator or to its
/// successor, does nothing twice.
class Operations {
 public:
  struct Command {
    message::AdminRequestRef request;
    Endpoint from;
    /// An answer is owed.
    bool unanswered = true;
    /// It has had an effect of its own (a migration was queued): not to be repeated.
    bool started = false;
    /// What it awaits before it can be answered, for a person, and since when; empty if it does
    /// not.
    std::string awaits;
    Instant awaits_since;
  };
  using Key = std::pair<Endpoint, std::uint64_t>;

  /// A late copy of a request that its sender has seen the end of does nothing.
  void on_admin(Endpoint from, const message::AdminCommand& command, Tenure& tenure, Step& step);
  /// Pursues every command that has not ended. O(commands).
  void on_tick(Tenure& tenure, Step& step);
  /// The office is lost: whoever waits is told that the outcome is unknown.
  void abandon(Step& step);
  /// Those that have not ended, by who asked and the number of the request.
  const std::map<Key, Command>& open() const { return open_; }

 private:
  /// Takes in what the sender has seen the end of; true if the command is of that.
  bool is_settled(Endpoint from, const message::AdminCommand& command);

  /// True if the command has ended.
  bool pursue(Command& command, Tenure& tenure, Step& step);

  std::map<Key, Command> open_;
  /// What a sender has seen the end of, perhaps with a predecessor: all below `settled`, and these.
  struct Settled {
    std::uint64_t below = 0;
    std::set<std::uint64_t> ended;
  };
  std::map<Endpoint, Settled> settled_;
  /// The answers of those whose end their sender may not have seen, for repetitions.
  std::map<Key, message::AdminReply> ended_;
};

}  // namespace shardproof
