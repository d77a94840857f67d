// SPDX-License-Identifier: Apache-2.0
#include "core/storage/recovery.hpp"

#include <algorithm>
#include <utility>

#include "core/storage/checkpoint.hpp"

namespace shardproof::storage {

namespace {

/// The last write of which the content shows anything.
Version newest_in(const ShardContent& content) {
  Version newest;
  ChunkCursor cursor = 0;
  const ChunkRef all = content.read_chunk(cursor, Bytes::max());
  for (const ChunkItem& item : all->items) newest = std::max(newest, item.version);
  return newest;
}

class Recovery {
 public:
  Recovery(const DiskImage& image, NodeId owner, RuleSet rules)
      : image_(image),
        owner_(rules.is_on(Rule::OwnRecordsOnly) ? owner : NodeId::none()),
        rules_(rules) {
    result_.copies = CopySet(rules);
  }

  Recovered run() {
    const std::size_t base = load_base();
    const std::size_t count = image_.files.size();
    for (std::size_t at = 0; at < count; ++at) {
      const DiskFile& file = image_.files[at];
      const bool is_read = base == count || at >= base;
      const bool is_used = is_read && !is_foreign(file) && replay_segment(file);
      sort_out(file, is_used || at == base);
    }
    if (result_.report.has_lost_data()) take_nothing();
    settle();
    return std::move(result_);
  }

 private:
  RecordHome home_of(const DiskFile& file) const { return {file.id, owner_}; }

  /// Whether another node has written it: a file has one writer. Counts it. O(1) for files of one's
  /// own that begin as they should.
  bool is_foreign(const DiskFile& file) {
    if (!image_.is_replacement || owner_.is_none()) return false;
    RecordScanner own(home_of(file), file.data);
    if (own.next()) return false;
    const bool is_anothers = RecordScanner({file.id, NodeId::none()}, file.data).next().has_value();
    // A checksum of one's own may have rotten to what looks like another's.
    if (!is_anothers || own.has_batch_beyond(0)) return false;
    ++result_.report.foreign_files;
    return true;
  }

  /// Returns the place of the file from which on everything is there, or the number of files.
  std::size_t load_base() {
    for (std::size_t at = image_.files.size(); at-- > 0;) {
      const DiskFile& file = image_.files[at];
      if (begins_anew(home_of(file), file.data)) {
        result_.last.value = RecordScanner(home_of(file), file.data).next()->number - 1;
        return at;
      }
      if (!is_checkpoint(home_of(file), file.data)) continue;
      if (std::optional<Checkpoint> checkpoint = read_checkpoint(home_of(file), file.data)) {
        result_.copies = std::move(checkpoint->copies);
        result_.copies.set_rules(rules_);
        result_.last = checkpoint->covered;
        return at;
      }
      ++result_.report.bad_checkpoints;
    }
    return image_.files.size();
  }

  /// Whether any record of the file was of use.
  bool replay_segment(const DiskFile& file) {
    if (is_checkpoint(home_of(file), file.data)) return false;
    RecordScanner scanner(home_of(file), file.data, rules_.is_on(Rule::TornTailDropped));
    const StorePosition before = result_.last;
    while (const std::optional<RawRecord> raw = scanner.next()) {
      if (raw->number <= result_.last.value) continue;
      if (raw->number > result_.last.value + 1) {
        ++result_.report.gaps;
        return result_.last != before;
      }
      const std::optional<Record> record = decode(*raw);
      if (!record || !result_.copies.replay(*record)) {
        ++result_.report.bad_tails;
        return result_.last != before;
      }
      ++result_.last.value;
      ++result_.report.records;
    }
    if (scanner.left() > 0) ++result_.report.bad_tails;
    if (scanner.has_batch_beyond(result_.last.value + 1)) ++result_.report.damages;
    return result_.last != before;
  }

  void take_nothing() {
    result_.copies = CopySet(rules_);
    for (const FileId file : result_.needed) result_.useless.push_back(file);
    std::sort(result_.useless.begin(), result_.useless.end());
    result_.needed.clear();
    result_.needed_size = Bytes(0);
  }

  void sort_out(const DiskFile& file, bool is_needed) {
    if (is_needed) {
      result_.needed.push_back(file.id);
      result_.needed_size += file.size;
    } else {
      result_.useless.push_back(file.id);
    }
    result_.next_file = FileId{std::max(result_.next_file.value, file.id.value + 1)};
  }

  void settle() {
    for (const ShardId shard : result_.copies.staged_shards()) {
      if (rules_.is_on(Rule::StagingBeforeTruncation)) {
        result_.copies.discard_stage(shard);
      } else {
        result_.copies.install(shard, newest_in(*result_.copies.find_stage(shard)));
      }
    }
    for (const ShardId shard : result_.copies.shards()) {
      const StoredCopy* copy = result_.copies.find(shard);
      while (!copy->tail.empty() && copy->tail.front().index() <= copy->committed) {
        result_.copies.apply_next(shard);
      }
    }
  }

  const DiskImage& image_;
  /// Whose records count; none: everybody's.
  NodeId owner_;
  RuleSet rules_;
  Recovered result_;
};

}  // namespace

Recovered recover_copies(const DiskImage& image, NodeId owner, RuleSet rules) {
  return Recovery(image, owner, rules).run();
}

}  // namespace shardproof::storage
