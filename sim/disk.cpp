// SPDX-License-Identifier: Apache-2.0
#include "sim/disk.hpp"

#include <algorithm>
#include <tuple>
#include <utility>

#include "core/base/check.hpp"

namespace shardproof::sim {

Disk::Disk(const DiskSpec& spec, Bytes capacity, NodeId node, Streams streams)
    : spec_(spec),
      capacity_(capacity),
      operation_time_(spec.iops ? Bandwidth(*spec.iops).time_for(Bytes(1)) : Nanoseconds(0)),
      latency_(streams.stream("disk", node.value(), "latency")),
      error_(streams.stream("disk", node.value(), "error")),
      silent_(streams.stream("disk", node.value(), "silent")),
      serials_{Serial{node, 0}} {}

// --- Operations -------------------------------------------------------------------------------

DiskSubmitted Disk::submit(Instant now, DiskOp&& op) {
  SHARDPROOF_CHECK(op.size.count() >= op.data.size(), "size {} for {} bytes of data", op.size,
                   op.data.size());
  const Nanoseconds turn = std::max(spec_.bandwidth.time_for(op.size), operation_time_);
  busy_until_ = std::max(busy_until_, now) + slowdown_.of(turn);
  Instant done_at = busy_until_ + slowdown_.of(draw_latency(op));
  File& target = file(op.file);
  if (target.in_flight > 0) done_at = std::max(done_at, target.last_done + Nanoseconds(1));
  target.last_done = done_at;
  ++target.in_flight;
  if (slowdown_ != Ratio(1, 1)) slowed_until_ = std::max(slowed_until_, done_at);
  return {take_slot(std::move(op)), done_at};
}

Nanoseconds Disk::draw_latency(const DiskOp& op) {
  if (op.kind == DiskOpKind::Sync) return sample(spec_.sync_latency, latency_);
  Nanoseconds latency = sample(spec_.write_latency, latency_);
  if (op.sync) latency += sample(spec_.sync_latency, latency_);
  return latency;
}

DiskDone Disk::complete(DiskTicket ticket) {
  SHARDPROOF_CHECK(ticket < slots_.size() && slots_[ticket].busy, "ticket {} is void", ticket);
  const DiskOp& op = slots_[ticket].op;
  DiskOutcome outcome = draw_outcome();
  const bool happens =
      outcome == DiskOutcome::Ok || (outcome == DiskOutcome::Unknown && error_.below(2) == 0);
  if (happens && !apply(op)) outcome = DiskOutcome::Full;
  if (outcome == DiskOutcome::Failed) ++counters_.failed;
  if (outcome == DiskOutcome::Full) ++counters_.full;
  if (outcome == DiskOutcome::Unknown) ++counters_.unknown;

  const DiskDone done{op.id, outcome, used(), capacity()};
  const FileId id = op.file;
  --file(id).in_flight;
  release_slot(ticket);
  forget_if_gone(id);
  return done;
}

DiskOutcome Disk::draw_outcome() {
  if (error_.chance(errors_.failed)) return DiskOutcome::Failed;
  return error_.chance(errors_.unknown) ? DiskOutcome::Unknown : DiskOutcome::Ok;
}

bool Disk::apply(const DiskOp& op) {
  switch (op.kind) {
    case DiskOpKind::Append: return append(op);
    case DiskOpKind::Sync:
      ++counters_.syncs;
      if (File& synced = file(op.file); synced.exists) synced.content.sync();
      return true;
    case DiskOpKind::Remove:
      ++counters_.removes;
      remove(op.file);
      return true;
  }
  return true;
}

bool Disk::write(const DiskOp& op) {
  if (op.size > space_limit() || files_size_ > space_limit() - op.size) return false;
  File& target = file(op.file);
  target.exists = true;
  target.content.append(op.data, op.size);
  files_size_ += op.size;
  return true;
}

bool Disk::append(const DiskOp& op) {
  if (!write(op)) return false;
  if (op.sync) file(op.file).content.sync();
  ++counters_.appends;
  counters_.bytes_written += op.size;
  return true;
}

void Disk::remove(FileId id) {
  File& target = file(id);
  files_size_ -= target.content.size();
  if (target.exists && target.content.was_synced()) {
    if (deleted_.size() == kUndeletedMax) deleted_.erase(deleted_.begin());
    deleted_.push_back({id, std::move(target.content)});
  }
  target.content = DiskAppendFile();
  target.exists = false;
}

// --- The end of an incarnation, and the next one ------------------------------------------------

void Disk::crash(const CrashFate& fate, Random& random) {
  apply_drawn_prefixes(random);
  crash_files(fate.unsynced, random);
  undelete_files(fate.undeleted, random);
  end_incarnation();
}

void Disk::replace() {
  SHARDPROOF_CHECK(in_flight() == 0, "the disk is in use");
  files_.clear();
  deleted_.clear();
  files_size_ = Bytes(0);
  serials_.push_back({serials_.front().place, ++replacements_});
}

bool Disk::has_had_disk_of(const Disk& other) const {
  return std::find(serials_.begin(), serials_.end(), other.serials_.back()) != serials_.end();
}

void Disk::exchange(Disk& other) {
  SHARDPROOF_CHECK(in_flight() == 0 && other.in_flight() == 0, "a disk is in use");
  SHARDPROOF_CHECK(capacity_ == other.capacity_, "{} and {}", capacity_, other.capacity_);
  SHARDPROOF_CHECK(!has_had_disk_of(other) && !other.has_had_disk_of(*this), "a disk returns");
  const Serial own = serials_.back();
  serials_.push_back(other.serials_.back());
  other.serials_.push_back(own);
  files_.swap(other.files_);
  std::swap(files_size_, other.files_size_);
  take_in_files();
  other.take_in_files();
}

void Disk::take_in_files() {
  // Whoever mounts a file system that was not shut down completes what its journal says.
  deleted_.clear();
  last_file_ = 0;
  for (auto& [id, stored] : files_) stored.content.forget_damage();
}

std::vector<Disk::Sector> Disk::settled_sectors() const {
  FileId newest;
  for (const auto& [id, stored] : files_) {
    if (stored.exists && stored.content.synced_length() > 0) newest = id;
  }
  std::vector<Sector> sectors;
  for (const auto& [id, stored] : files_) {
    if (!stored.exists) continue;
    const std::size_t end =
        id == newest ? stored.content.settled_length() : stored.content.synced_length();
    for (std::size_t begin = 0; begin < end; begin += kSectorBytes) {
      sectors.push_back({id, begin, std::min(begin + kSectorBytes, end)});
    }
  }
  return sectors;
}

std::uint32_t Disk::rot(std::uint32_t sectors, Random& random) {
  std::vector<Sector> settled = settled_sectors();
  std::uint32_t rotten = 0;
  for (; rotten < sectors && !settled.empty(); ++rotten) {
    const std::size_t drawn = random.below(settled.size());
    const Sector sector = settled[drawn];
    file(sector.file).content.rot(sector.begin, sector.end, random);
    settled[drawn] = settled.back();
    settled.pop_back();
  }
  return rotten;
}

void Disk::swap_in(const Sector& written, const Sector& hit, Random& random) {
  const std::size_t length = written.end - written.begin;
  const std::string content = file(written.file).content.data().substr(written.begin, length);
  std::string before(length, '\0');
  const bool is_noise = random.below(2) == 0;
  if (is_noise) {
    for (char& byte : before) byte = static_cast<char>(random.next() & 0xff);
  }
  file(written.file).content.spoil(written.begin, before);
  file(hit.file).content.spoil(hit.begin, std::string_view(content).substr(0, hit.end - hit.begin));
}

std::uint32_t Disk::misdirect(std::uint32_t sectors, Random& random) {
  std::vector<Sector> settled = settled_sectors();
  const auto take_one = [&] {
    const std::size_t drawn = random.below(settled.size());
    const Sector sector = settled[drawn];
    settled[drawn] = settled.back();
    settled.pop_back();
    return sector;
  };
  std::uint32_t misdirected = 0;
  for (; misdirected < sectors && settled.size() >= 2; ++misdirected) {
    const Sector written = take_one();
    const Sector hit = take_one();
    swap_in(written, hit, random);
  }
  return misdirected;
}

bool Disk::is_rotten() const {
  return std::any_of(files_.begin(), files_.end(), [](const auto& entry) {
    return entry.second.exists && entry.second.content.is_rotten();
  });
}

void Disk::stop() {
  for (const DiskTicket ticket : tickets_by_file()) apply(slots_[ticket].op);
  for (auto& [id, stopped] : files_) {
    if (stopped.exists) stopped.content.sync();
  }
  deleted_.clear();
  end_incarnation();
}

std::vector<FileId> Disk::files() const {
  std::vector<FileId> files;
  for (const auto& [id, stored] : files_) {
    if (stored.exists) files.push_back(id);
  }
  return files;
}

std::size_t Disk::changes_in_flight() const {
  return static_cast<std::size_t>(std::count_if(slots_.begin(), slots_.end(), [](const Slot& slot) {
    return slot.busy && slot.op.kind != DiskOpKind::Sync;
  }));
}

std::vector<DiskTicket> Disk::tickets_by_file() const {
  std::vector<DiskTicket> tickets;
  for (DiskTicket ticket = 0; ticket < slots_.size(); ++ticket) {
    if (slots_[ticket].busy) tickets.push_back(ticket);
  }
  const auto key = [this](DiskTicket ticket) {
    return std::make_tuple(slots_[ticket].op.file, slots_[ticket].sequence);
  };
  std::sort(tickets.begin(), tickets.end(),
            [&key](DiskTicket a, DiskTicket b) { return key(a) < key(b); });
  return tickets;
}

void Disk::apply_drawn_prefixes(Random& random) {
  const std::vector<DiskTicket> tickets = tickets_by_file();
  for (std::size_t begin = 0; begin < tickets.size();) {
    const FileId id = slots_[tickets[begin]].op.file;
    std::size_t end = begin;
    while (end < tickets.size() && slots_[tickets[end]].op.file == id) ++end;
    const std::size_t happened = begin + random.below(end - begin + 1);
    for (std::size_t i = begin; i < happened; ++i) apply(slots_[tickets[i]].op);
    const bool is_under_way =
        happened < end && slots_[tickets[happened]].op.kind == DiskOpKind::Append;
    if (is_under_way) write(slots_[tickets[happened]].op);
    begin = end;
  }
}

void Disk::crash_files(const UnsyncedOutcome& outcome, Random& random) {
  for (auto& [id, crashed] : files_) {
    if (!crashed.exists) continue;
    if (!crashed.content.was_synced() && random.chance(outcome.lost)) {
      remove(id);
      ++counters_.files_vanished;
      continue;
    }
    const Bytes before = crashed.content.size();
    crashed.content.crash(outcome, random, counters_.sectors);
    files_size_ -= before - crashed.content.size();
  }
}

void Disk::undelete_files(Ratio chance, Random& random) {
  if (chance.is_zero()) return;
  std::vector<Deleted> deleted;
  deleted.swap(deleted_);
  for (Deleted& one : deleted) {
    const bool is_back = random.chance(chance);
    const bool has_room =
        one.content.size() <= space_limit() && files_size_ <= space_limit() - one.content.size();
    File& target = file(one.id);
    if (!is_back || !has_room || target.exists) continue;
    one.content.lose_unsynced();
    files_size_ += one.content.size();
    target.content = std::move(one.content);
    target.exists = true;
    ++counters_.files_undeleted;
  }
}

void Disk::end_incarnation() {
  for (DiskTicket ticket = 0; ticket < slots_.size(); ++ticket) {
    if (slots_[ticket].busy) release_slot(ticket);
  }
  for (auto it = files_.begin(); it != files_.end();) {
    it->second.in_flight = 0;
    it = it->second.exists ? std::next(it) : files_.erase(it);
  }
  busy_until_ = Instant();
}

DiskImage Disk::image() const {
  DiskImage image;
  image.used = used();
  image.capacity = capacity();
  image.is_replacement = serials_.back() != serials_.front();
  for (const auto& [id, stored] : files_) {
    if (stored.exists) image.files.push_back({id, stored.content.data(), stored.content.size()});
  }
  return image;
}

Nanoseconds Disk::boot_time() {
  const Nanoseconds latency = sample(spec_.read_latency, latency_);
  return slowdown_.of(latency + spec_.bandwidth.time_for(files_size_));
}

// --- Space and faults ---------------------------------------------------------------------------

Bytes Disk::space_limit() const {
  const Bytes own = capacity_ == Bytes(0) ? Bytes::max() : capacity_;
  // A disk that has come from another place may hold more than what was to be left for its files.
  return limit_ ? std::min(own, std::max(*limit_, files_size_)) : own;
}

Bytes Disk::used() const {
  if (capacity_ == Bytes(0)) return files_size_;
  return files_size_ + (capacity_ - space_limit());
}

Bytes Disk::capacity() const {
  // Zero would mean unlimited, which a disk that is full to the last byte is not.
  if (capacity_ == Bytes(0) && limit_) return std::max(space_limit(), Bytes(1));
  return capacity_;
}

FaultId Disk::fill(Bytes free) {
  const FaultId id = faults_.add(SpaceLimit{files_size_ + free});
  refresh();
  return id;
}

FaultId Disk::add(DiskSlowdown fault) {
  const FaultId id = faults_.add(fault);
  refresh();
  return id;
}

FaultId Disk::add(DiskErrors fault) {
  const FaultId id = faults_.add(fault);
  refresh();
  return id;
}

FaultId Disk::add(DiskStall fault) {
  const FaultId id = faults_.add(fault);
  refresh();
  return id;
}

bool Disk::heal(FaultId id) {
  const bool was_on = faults_.remove(id);
  refresh();
  return was_on;
}

void Disk::refresh() {
  limit_.reset();
  slowdown_ = Ratio(1, 1);
  errors_ = DiskErrors{};
  is_stalled_ = false;
  for (const auto& [id, fault] : faults_) {
    if (const auto* space = std::get_if<SpaceLimit>(&fault)) {
      limit_ = limit_ ? std::min(*limit_, space->limit) : space->limit;
    } else if (const auto* slow = std::get_if<DiskSlowdown>(&fault)) {
      slowdown_ = std::max(slowdown_, slow->factor);
    } else if (const auto* errors = std::get_if<DiskErrors>(&fault)) {
      errors_.failed = std::max(errors_.failed, errors->failed);
      errors_.unknown = std::max(errors_.unknown, errors->unknown);
      errors_.silent = std::max(errors_.silent, errors->silent);
    } else {
      is_stalled_ = true;
    }
  }
}

// --- Files and tickets --------------------------------------------------------------------------

Disk::File& Disk::file(FileId id) {
  if (last_file_ >= files_.size() || files_.nth(last_file_)->first != id) {
    last_file_ = files_.index_of(files_.try_emplace(id).first);
  }
  return files_.nth(last_file_)->second;
}

void Disk::forget_if_gone(FileId id) {
  const File& candidate = file(id);
  if (candidate.exists || candidate.in_flight > 0) return;
  files_.erase(id);
}

DiskTicket Disk::take_slot(DiskOp&& op) {
  if (free_slots_.empty()) {
    free_slots_.push_back(static_cast<DiskTicket>(slots_.size()));
    slots_.emplace_back();
  }
  const DiskTicket ticket = free_slots_.back();
  free_slots_.pop_back();
  slots_[ticket] = Slot{std::move(op), next_sequence_++, true};
  return ticket;
}

void Disk::release_slot(DiskTicket ticket) {
  slots_[ticket].op.data.clear();
  slots_[ticket].busy = false;
  free_slots_.push_back(ticket);
}

}  // namespace shardproof::sim
