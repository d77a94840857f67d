// SPDX-License-Identifier: Apache-2.0
#include "sim/observe/fault_tally.hpp"

namespace shardproof::sim {
namespace {

struct Text {
  std::string_view name;
  std::string_view definition;
};

/// By FaultKind.
constexpr std::array<Text, kFaultKinds> kTexts = {{
    {"crash", "a process stops at once; its disk keeps, loses or spoils what was not synced"},
    {"restart", "a stopped process boots from what its disk kept"},
    {"pause", "a process stands still while time goes on"},
    {"partition", "messages between two groups are lost, both ways or one way"},
    {"message_lost", "a message is lost: by chance, spoilt, by a partition or by a full queue"},
    {"message_duplicated", "a message is delivered once more, with a delay of its own"},
    {"slow", "a node's disk, network or CPU takes so many times longer"},
    {"network_change", "other latency, loss, duplication or corruption for the whole network"},
    {"disk_full", "a write is refused because the disk is full"},
    {"disk_error", "a disk operation fails, or reports an error and may have happened"},
    {"stall", "a node's disk ends no operation"},
    {"sector_lost", "a sector that was not synced has its old content after a crash"},
    {"sector_torn", "a sector that was not synced is half old, half new after a crash"},
    {"sector_garbage", "a sector that was not synced has bytes that nobody wrote after a crash"},
    {"disk_lost", "the content of a node's disk is gone for ever"},
    {"sector_rotten", "bits of a stored sector flip"},
    {"metadata_outage", "the metadata store answers nobody and applies nothing"},
    {"metadata_answer_lost", "the metadata store applies a request and its answer is lost"},
    {"clock_step", "a node's clock jumps, or runs at another speed or with another wobble"},
    {"gray", "a process answers heartbeats and keeps its leases, and does nothing else"},
    {"clog", "messages on a path wait, and all arrive when it ends, in another order"},
    {"message_held", "a message waits for the end of a clog"},
    {"drop", "messages on a path are lost, all or those of one type"},
    {"delay", "messages on a path take longer, all or those of one type"},
    {"document_garbled",
     "a bit of a document flips in a copy stream, on its way or as it is staged"},
    {"write_misdirected", "a sector was written to the place of another one"},
    {"session_expired",
     "the metadata store ends a node's session: no watch any more, and no coordinator's office"},
    {"watch_coalesced", "watchers of the metadata store are told of several commits at once"},
    {"delete_undone", "a file that was deleted is there again after a crash"},
    {"rolling_restart", "nodes are put into maintenance and restarted, one after the other"},
    {"upgrade", "a stopped process boots with another version of the software than it had"},
    {"disk_swapped", "a node has the disk of another one from then on, and that one its"},
}};

}  // namespace

std::string_view to_string(FaultKind kind) { return kTexts[static_cast<std::size_t>(kind)].name; }

std::string_view definition(FaultKind kind) {
  return kTexts[static_cast<std::size_t>(kind)].definition;
}

}  // namespace shardproof::sim
