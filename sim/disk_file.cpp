// SPDX-License-Identifier: Apache-2.0
#include "sim/disk_file.hpp"

#include <algorithm>

#include "core/base/check.hpp"

namespace shardproof::sim {
namespace {

/// Where the sector that holds byte `offset` ends, at most `length`.
std::size_t sector_end(std::size_t offset, std::size_t length) {
  return std::min(length, (offset / kSectorBytes + 1) * kSectorBytes);
}

/// Overwrites [begin, end) with what the disk held there before anything was written.
void restore_old(std::string& data, std::size_t begin, std::size_t end, bool noise,
                 Random& random) {
  for (std::size_t i = begin; i < end; ++i) {
    data[i] = noise ? static_cast<char>(random.next() & 0xff) : '\0';
  }
}

/// Leaves a drawn part of [begin, end) as it is, from the front or to the end.
void tear(std::string& data, std::size_t begin, std::size_t end, Random& random) {
  const std::size_t new_bytes = random.below(end - begin);
  const std::uint64_t shape = random.below(4);
  const bool front_is_new = (shape & 1) != 0;
  const bool noise = (shape & 2) != 0;
  const std::size_t old_begin = front_is_new ? begin + new_bytes : begin;
  const std::size_t old_end = front_is_new ? end : end - new_bytes;
  restore_old(data, old_begin, old_end, noise, random);
}

}  // namespace

SectorFate draw_fate(const UnsyncedOutcome& outcome, Random& random) {
  if (random.chance(outcome.kept)) return SectorFate::Kept;
  const Ratio kept = outcome.kept;
  const Ratio garbage = outcome.garbage;
  const Ratio among_others(garbage.numerator() * kept.denominator(),
                           garbage.denominator() * (kept.denominator() - kept.numerator()));
  if (random.chance(among_others)) return SectorFate::Garbage;
  const std::uint64_t lost = outcome.lost.numerator() * outcome.torn.denominator();
  const std::uint64_t torn = outcome.torn.numerator() * outcome.lost.denominator();
  SHARDPROOF_CHECK(lost + torn > 0, "the fates must add up to 1");
  return random.chance(Ratio(lost, lost + torn)) ? SectorFate::Lost : SectorFate::Torn;
}

void DiskAppendFile::append(std::string_view data, Bytes size) {
  data_.append(data);
  size_ += size;
  marks_.push_back({data_.size(), size_});
}

void DiskAppendFile::sync() {
  if (data_.size() > durable_length_) {
    settled_length_ = synced_length_;
    synced_length_ = data_.size();
  }
  make_durable();
}

void DiskAppendFile::make_durable() {
  durable_length_ = data_.size();
  was_synced_ = true;
  marks_.clear();
  marks_.push_back({durable_length_, size_});
}

Bytes DiskAppendFile::size_at(std::size_t length) const {
  const auto above =
      std::upper_bound(marks_.begin(), marks_.end(), length,
                       [](std::size_t wanted, const Mark& mark) { return wanted < mark.length; });
  SHARDPROOF_CHECK(above != marks_.begin());
  const Mark& mark = *(above - 1);
  return mark.size + Bytes(length - mark.length);
}

void DiskAppendFile::crash(const UnsyncedOutcome& outcome, Random& random,
                           SectorCounters& counters) {
  std::size_t kept_length = durable_length_;
  for (std::size_t begin = durable_length_; begin < data_.size();) {
    const std::size_t end = sector_end(begin, data_.size());
    switch (draw_fate(outcome, random)) {
      case SectorFate::Kept:
        kept_length = end;
        ++counters.kept;
        break;
      case SectorFate::Lost:
        restore_old(data_, begin, end, false, random);
        ++counters.lost;
        break;
      case SectorFate::Torn:
        tear(data_, begin, end, random);
        kept_length = end;
        ++counters.torn;
        break;
      case SectorFate::Garbage:
        restore_old(data_, begin, end, true, random);
        kept_length = end;
        ++counters.garbage;
        break;
    }
    begin = end;
  }
  size_ = size_at(kept_length);
  data_.resize(kept_length);
  make_durable();
}

void DiskAppendFile::lose_unsynced() {
  size_ = size_at(durable_length_);
  data_.resize(durable_length_);
  make_durable();
}

void DiskAppendFile::rot(std::size_t begin, std::size_t end, Random& random) {
  const std::size_t at = begin + random.below(end - begin);
  const std::uint64_t flips = random.between(1, 255);
  data_[at] = static_cast<char>(static_cast<std::uint8_t>(data_[at]) ^ flips);
  is_rotten_ = true;
}

void DiskAppendFile::spoil(std::size_t begin, std::string_view bytes) {
  SHARDPROOF_CHECK(begin + bytes.size() <= data_.size(), "{} bytes at {} of {}", bytes.size(),
                   begin, data_.size());
  data_.replace(begin, bytes.size(), bytes);
  is_rotten_ = true;
}

}  // namespace shardproof::sim
