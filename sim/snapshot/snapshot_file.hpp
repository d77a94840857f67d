// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "core/base/result.hpp"
#include "core/base/units.hpp"
#include "sim/input/input_error.hpp"
#include "sim/snapshot/cluster_snapshot.hpp"

namespace shardproof::sim {

/// What a reader has to know beside the file.
struct SnapshotReading {
  Ratio disk_watermark{85, 100};  ///< no shard that is still to be placed goes beyond it
};

/// A way of writing a cluster down that we read.
struct SnapshotFormat {
  std::string_view name;
  std::string_view description;
  Result<ClusterSnapshot, InputError> (*read)(const std::string& file,
                                              const SnapshotReading& reading);
};

/// All of them, our own first.
const std::vector<SnapshotFormat>& snapshot_formats();
/// The format of that name, or null.
const SnapshotFormat* find_snapshot_format(std::string_view name);

/// Reads a snapshot, plain or compressed with gzip, in the format that its beginning shows. Memory
/// is that of the snapshot.
Result<ClusterSnapshot, InputError> read_snapshot(const std::string& file,
                                                  const SnapshotReading& reading = {});

/// Our own format (docs/plan.md): a JSON object with `snapshot` (the version, 1), `nodes` and
/// `shards`, or for either the CSV file it is in. Strict: an unknown key is an error.
Result<ClusterSnapshot, InputError> read_own_snapshot(const std::string& file,
                                                      const SnapshotReading& reading = {});
/// The line above the current assignment in what `kafka-reassign-partitions --generate` prints.
inline constexpr std::string_view kKafkaCurrentHeading = "Current partition replica assignment";

/// What `kafka-reassign-partitions --generate` prints, of which the current assignment is taken, or
/// that assignment alone, as --execute takes it:
/// `{"version": 1, "partitions": [{"topic", "partition", "replicas"}]}`. The first replica
/// is the preferred leader; sizes are not told. Source: Apache Kafka documentation, section
/// "Expanding your cluster".
Result<ClusterSnapshot, InputError> read_kafka_assignment(const std::string& file,
                                                          const SnapshotReading& reading = {});
/// What Elasticsearch and OpenSearch print for `GET _cat/shards`, as JSON (`?format=json`) or as a
/// table, with or without its heading (`?v`); sizes best in bytes (`&bytes=b`). A relocating copy
/// counts as a move in flight, one that is initialising as a learner, an unassigned one as missing.
/// Source: Elasticsearch reference 8.x, "cat shards API".
Result<ClusterSnapshot, InputError> read_cat_shards(const std::string& file,
                                                    const SnapshotReading& reading = {});

}  // namespace shardproof::sim
