// SPDX-License-Identifier: Apache-2.0
#include "core/fault_points.hpp"

namespace shardproof {
namespace {

/// One in so many.
constexpr Ratio kOften = Ratio(1, 4);
constexpr Ratio kSeldom = Ratio(1, 20);
constexpr Ratio kVerySeldom = Ratio(1, 200);
constexpr bool kHoldsUp = true;

}  // namespace

const std::vector<FaultPointInfo>& fault_point_catalogue() {
  static const std::vector<FaultPointInfo> kCatalogue = {
      {FaultPoint::SmallChunk, "small_chunk", "the next piece of a copy stream holds one document",
       kOften},
      {FaultPoint::ChunkRefused, "chunk_refused",
       "a target takes a piece of a copy stream for corrupt, and the stream begins anew", kSeldom,
       kHoldsUp},
      {FaultPoint::ChunkNoRoom, "chunk_no_room",
       "a target has no room for a piece of a copy stream, and gives the copy up", kSeldom,
       kHoldsUp},
      {FaultPoint::ChunkRepeated, "chunk_repeated",
       "what is on its way of a copy stream is sent again", kSeldom},
      {FaultPoint::QueueFull, "queue_full",
       "a locked shard has no room for one more write and refuses it as retryable", kOften,
       kHoldsUp},
      {FaultPoint::PhaseTimeout, "phase_timeout",
       "a coordinator's patience with a phase of a migration is over", kVerySeldom, kHoldsUp},
      {FaultPoint::HeartbeatSkipped, "heartbeat_skipped",
       "a node does not renew its lease this time", kOften, kHoldsUp},
      {FaultPoint::CampaignSkipped, "campaign_skipped",
       "a node does not ask for the office, or to keep it, this time", kOften, kHoldsUp},
      {FaultPoint::OfficeLeft, "office_left", "a coordinator stops to act, and its office runs out",
       kVerySeldom, kHoldsUp},
      {FaultPoint::CommitDoubled, "commit_doubled", "a commit is sent twice", kOften},
      {FaultPoint::CommitReadBackEarly, "commit_read_back_early",
       "a coordinator does not wait for the answer to a commit, and reads the table", kOften},
      {FaultPoint::TableUpdateIgnored, "table_update_ignored",
       "a node does not take a change of the table in, as if it had got lost", kSeldom, kHoldsUp},
      {FaultPoint::TableReread, "table_reread", "a node reads the table without need", kOften},
      {FaultPoint::AppendRepeated, "append_repeated",
       "a leader sends a follower everything again that is not acknowledged", kOften},
      {FaultPoint::AppendSingle, "append_single",
       "a leader sends a follower one entry instead of many", kOften},
      {FaultPoint::LogTrimmed, "log_trimmed",
       "a leader keeps no entry that every in-sync replica has", kSeldom, kHoldsUp},
      {FaultPoint::EarlyEntriesDropped, "early_entries_dropped",
       "a replica has no room for entries that came before those that they follow", kOften,
       kHoldsUp},
      {FaultPoint::FenceUnanswered, "fence_unanswered",
       "a former leader stands down and does not say so this time", kOften, kHoldsUp},
      {FaultPoint::PositionUnanswered, "position_unanswered",
       "a replica does not say this time how far its log is", kOften, kHoldsUp},
      {FaultPoint::ReportWithheld, "report_withheld",
       "a node does not tell the coordinator this time what became of a shard", kOften, kHoldsUp},
      {FaultPoint::ReadIndexUnanswered, "read_index_unanswered",
       "a leader does not tell a replica this time how far the log is committed", kOften, kHoldsUp},
      {FaultPoint::RequestRepeated, "request_repeated",
       "a router does not wait for the answer to a request, and sends it again", kSeldom},
      {FaultPoint::CompactionForced, "compaction_forced",
       "a store compacts its log although there is little garbage", kSeldom},
      {FaultPoint::SmallReshardBatch, "small_reshard_batch",
       "the documents of a collection that is being sharded move one by one", kOften},
  };
  return kCatalogue;
}

}  // namespace shardproof
