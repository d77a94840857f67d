// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstdint>
#include <string_view>
#include <vector>

namespace shardproof::sim {

/// What the world does to the system, counted one by one.
enum class FaultKind : std::uint8_t {
  kCrash,               ///< a process stopped
  kRestart,             ///< and was booted again
  kPause,               ///< a process stood still
  kPartition,           ///< a partition began
  kMessageLost,         ///< by chance, by a partition, or by a full queue
  kMessageDuplicated,   ///< delivered once more
  kSlow,                ///< disk, network or CPU of a node slowed down
  kNetworkChange,       ///< other settings of the whole network began
  kDiskFull,            ///< a write refused for want of space
  kDiskError,           ///< a disk operation failed, or may have
  kStall,               ///< a disk stood still
  kSectorLost,          ///< an unsynced sector has its old content after a crash
  kSectorTorn,          ///< or a mixture
  kSectorGarbage,       ///< or neither
  kDiskLost,            ///< a disk's content was gone
  kSectorRotten,        ///< bits of a stored sector flipped
  kMetadataOutage,      ///< the metadata store stopped answering
  kMetadataAnswerLost,  ///< it applied a request and did not say so
  kClockStep,           ///< a clock jumped, or changed its drift
  kGray,                ///< a process answered nothing but heartbeats
  kClog,                ///< a path began to hold messages
  kMessageHeld,         ///< a message waits for the end of a clog
  kDrop,                ///< messages, maybe of one type only, began to be lost
  kDelay,               ///< messages, maybe of one type only, began to take longer
  kDocumentGarbled,     ///< a document of a copy stream arrived, or was staged, with other content
  kWriteMisdirected,    ///< a sector had gone to another one's place
  kSessionExpired,      ///< the metadata store ended the session of a node that lives
  kWatchCoalesced,      ///< it told of several commits in one message
  kDeleteUndone,        ///< a deleted file was back after a crash
  kRollingRestart,      ///< nodes began to be restarted one by one
  kUpgrade,             ///< a process booted with another version of the software than before
  kDiskSwapped,         ///< a node had the disk of another one
};
inline constexpr std::size_t kFaultKinds = 32;

/// The name in results and on the command line: "crash", "message_lost", ...
std::string_view to_string(FaultKind kind);
/// One line: what it does.
std::string_view definition(FaultKind kind);

/// How often each kind struck.
class FaultTally {
 public:
  void count(FaultKind kind) { ++counts_[static_cast<std::size_t>(kind)]; }
  std::uint64_t of(FaultKind kind) const { return counts_[static_cast<std::size_t>(kind)]; }

 private:
  std::array<std::uint64_t, kFaultKinds> counts_{};
};

}  // namespace shardproof::sim
