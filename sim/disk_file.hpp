// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/random.hpp"
#include "core/base/units.hpp"
#include "sim/scenario/actions.hpp"

namespace shardproof::sim {

/// The unit in which a disk keeps or loses what was not synced, of encoded data.
inline constexpr std::size_t kSectorBytes = 512;

/// What became of the unsynced sectors in crashes.
struct SectorCounters {
  std::uint64_t kept = 0;
  std::uint64_t lost = 0;
  std::uint64_t torn = 0;
  std::uint64_t garbage = 0;
};

/// A file that only grows: a durable prefix and a tail that a crash may take. Appending is
/// amortised O(data), synchronising O(1).
class DiskAppendFile {
 public:
  /// `size` >= data.size() is the space that the data stands for.
  void append(std::string_view data, Bytes size);
  /// Everything so far is durable from now on.
  void sync();

  const std::string& data() const { return data_; }
  /// Space that the file occupies.
  Bytes size() const { return size_; }
  std::size_t durable_length() const { return durable_length_; }
  /// What was durable before the node's last sync of something new, and with it; a crash that left
  /// some of an unsynced tail does not count.
  std::size_t settled_length() const { return settled_length_; }
  std::size_t synced_length() const { return synced_length_; }
  /// Whether the file's name is durable: it was synced once.
  bool was_synced() const { return was_synced_; }

  /// The power goes. Each sector with unsynced bytes is kept, lost (zeros, or the file ends before
  /// it), torn or garbage, as `outcome` says; synced bytes stay as they are. What remains is
  /// durable. Of a torn sector's unsynced bytes a drawn part, from the front or to the end, is new
  /// and the rest, at least one byte, is old: zeros or noise. Draws from `random`, sector by
  /// sector. O(tail).
  void crash(const UnsyncedOutcome& outcome, Random& random, SectorCounters& counters);

  /// Only what is durable is left.
  void lose_unsynced();

  /// Bits of one byte in [begin, end) flip. Two draws.
  void rot(std::size_t begin, std::size_t end, Random& random);
  /// [begin, begin + bytes.size()) holds something else.
  void spoil(std::size_t begin, std::string_view bytes);
  /// Nobody counts on what it holds any more.
  void forget_damage() { is_rotten_ = false; }
  /// Whether either of `rot` and `spoil` has happened.
  bool is_rotten() const { return is_rotten_; }

 private:
  void make_durable();
  /// How much space the file occupied when it had `length` bytes.
  struct Mark {
    std::size_t length = 0;
    Bytes size;
  };
  Bytes size_at(std::size_t length) const;

  std::string data_;
  Bytes size_;
  std::size_t durable_length_ = 0;
  std::size_t settled_length_ = 0;
  std::size_t synced_length_ = 0;
  bool is_rotten_ = false;
  bool was_synced_ = false;
  /// The end of the durable prefix and of each append since, in order.
  std::vector<Mark> marks_{Mark{}};
};

/// Draws one of the outcomes.
enum class SectorFate : std::uint8_t { Kept, Lost, Torn, Garbage };
SectorFate draw_fate(const UnsyncedOutcome& outcome, Random& random);

}  // namespace shardproof::sim
