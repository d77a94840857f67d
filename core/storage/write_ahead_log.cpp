// SPDX-License-Identifier: Apache-2.0
#include "core/storage/write_ahead_log.hpp"

#include "core/base/check.hpp"

namespace shardproof::storage {

void WriteAheadLog::resume(StorePosition last, FileId segment) {
  SHARDPROOF_CHECK(last_ == StorePosition{} && lane_.is_idle());
  last_ = durable_ = issued_ = last;
  segment_ = segment;
}

StorePosition WriteAheadLog::append(const Record& record, Effects& effects) {
  ++last_.value;
  const bool begins_batch = syncs_ && gathered_.empty();
  gathered_size_ +=
      append_record(gathered_, {segment_, writer_}, last_.value, record, begins_batch);
  flush(effects);
  return last_;
}

void WriteAheadLog::flush(Effects& effects) {
  if (!lane_.is_idle() || gathered_.empty()) return;
  issued_ = last_;
  issued_size_ = gathered_size_;
  gathered_size_ = Bytes(0);
  lane_.append(segment_, gathered_, issued_size_, syncs_, effects);
}

void WriteAheadLog::rotate(FileId segment) {
  SHARDPROOF_CHECK(lane_.is_idle() && segment_ < segment);
  segment_ = segment;
  segment_size_ = Bytes(0);
  readdress_records(gathered_, {segment, writer_});
}

DiskLane::Progress WriteAheadLog::on_done(DiskOutcome outcome) {
  const DiskLane::Progress progress = lane_.on_done(outcome);
  if (progress == DiskLane::Progress::Done) {
    durable_ = issued_;
    segment_size_ += issued_size_;
    issued_size_ = Bytes(0);
  }
  return progress;
}

}  // namespace shardproof::storage
