// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "core/distribution/keys/key_map.hpp"

namespace shardproof::distribution {

struct KetamaServer {
  std::string name{};
  std::uint64_t weight = 1;  ///< above zero
};

/// The continuum of libketama (Jones 2007): a circle of 2^32 where each server has several points,
/// in the mean 160 of them.
///
/// A server of weight w among n with the sum W has floor(40 n w / W) MD5 digests, at least 1, of
/// `<name>-<j>`, j = 0, 1, ...; each gives four points, its words of 32 bits, the least byte first.
/// Points that meet belong to the earlier server. libketama computes the number of digests in
/// single precision, so that it is 39 for 61 equal servers; libmemcached corrects that, and agrees
/// with this. Build O(P log P) for P points, 8 bytes a point.
class KetamaContinuum {
 public:
  explicit KetamaContinuum(std::span<const KetamaServer> servers);

  /// Where a key is on the circle: the first word of its MD5.
  static std::uint32_t place_of(std::string_view key);
  /// The number of the first point at or after the place, wrapping; O(log P).
  std::size_t successor(std::uint32_t place) const;

  std::size_t size() const { return points_.size(); }
  /// Ascending, distinct.
  std::uint32_t point(std::size_t i) const { return points_[i]; }
  /// The number of the server that has the point.
  std::uint32_t owner(std::size_t i) const { return owners_[i]; }
  std::uint64_t bytes() const { return points_.size() * (sizeof(points_[0]) + sizeof(owners_[0])); }

 private:
  std::vector<std::uint32_t> points_;
  std::vector<std::uint32_t> owners_;
};

/// Keys and nodes on a continuum of libketama: a key belongs to the node of the first point at or
/// after its place; its other hash plays no part. Node i is called `node-<i>`, or with a seed above
/// zero `node-<i>@<seed>`. Copies are on the next distinct nodes clockwise. Look-up O(log P), and
/// an MD5.
///
/// A node's share is as of `RingMap` with 160 virtual nodes. A node that comes takes its share, and
/// nothing moves between the others while weights are equal.
class KetamaMap final : public PerKeyMap<KetamaMap> {
 public:
  explicit KetamaMap(KeyMapRequest request);

  std::uint32_t owner(const Key& key) const { return continuum_.owner(point_of(key)); }
  std::vector<std::uint32_t> replicas(const Key& key, std::uint32_t count) override;
  std::optional<std::vector<std::uint64_t>> shares() const override;
  std::uint64_t table_bytes() const override { return continuum_.bytes(); }

 private:
  std::size_t point_of(const Key& key) const {
    return continuum_.successor(KetamaContinuum::place_of(key.bytes));
  }

  KetamaContinuum continuum_;
};

}  // namespace shardproof::distribution
