// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string_view>
#include <utility>
#include <vector>

#include "core/base/stable_hash.hpp"
#include "core/distribution/keys/distinct_nodes.hpp"
#include "core/distribution/keys/key_map_request.hpp"

namespace shardproof::distribution {

/// A key that is to be placed.
struct Key {
  std::string_view bytes;
  std::uint64_t hash = 0;  ///< of the bytes; 64 bits, uniform
};

/// Where keys live: an algorithm with the tables that it built for one set of nodes 0..n-1.
///
/// Answers are the same on every machine and compiler; floating point takes no part in them. Most
/// algorithms judge each key by itself. Those that look at loads (bounded loads) count the keys
/// that came before: they are to be asked once for each key, in order. Those that remember keys
/// (directory, two choices, range; `remembers_keys` in the registry) place a key when it comes
/// first, and may be asked again where it is.
class KeyMap {
 public:
  explicit KeyMap(KeyMapRequest request) : request_(std::move(request)) {}
  virtual ~KeyMap() = default;

  std::uint32_t nodes() const { return request_.nodes; }

  /// `owners[i]` becomes the node of `keys[i]`; both of the same size.
  virtual void place(std::span<const Key> keys, std::span<std::uint32_t> owners) = 0;

  /// The nodes of the key's copies, the first as of `place`, all distinct: `count` of them, or all
  /// nodes if they are fewer.
  virtual std::vector<std::uint32_t> replicas(const Key& key, std::uint32_t count) = 0;

  /// The map after the nodes have become 0..nodes-1, nodes >= 1, with as many `weights` above zero,
  /// or none for equal ones. Algorithms that remember what was (nodes: anchor, memento, dx,
  /// random slicing, slots; keys: directory, two choices, range) go on from there; the others build
  /// anew, with no key placed.
  virtual std::unique_ptr<KeyMap> resized(std::uint32_t nodes,
                                          std::vector<std::uint64_t> weights) const = 0;

  /// How much of the key space each node owns, in 2^-64 of it, for algorithms with arcs, slots or
  /// intervals; else nothing.
  virtual std::optional<std::vector<std::uint64_t>> shares() const { return std::nullopt; }

  /// Bytes of the tables that a look-up may read; the allocator's overhead is not counted.
  virtual std::uint64_t table_bytes() const = 0;

 protected:
  const KeyMapRequest& request() const { return request_; }

 private:
  KeyMapRequest request_;
};

/// Of algorithms that judge each key by itself and remember nothing: `Algorithm` is made of a
/// KeyMapRequest and has `std::uint32_t owner(const Key&) const`, which the loop over the keys can
/// inline.
template <typename Algorithm>
class PerKeyMap : public KeyMap {
 public:
  using KeyMap::KeyMap;

  void place(std::span<const Key> keys, std::span<std::uint32_t> owners) final {
    for (std::size_t i = 0; i < keys.size(); ++i) owners[i] = self().owner(keys[i]);
  }

  /// The owner, then those of the hash mixed with 1, 2, ..., see distinct_nodes.
  std::vector<std::uint32_t> replicas(const Key& key, std::uint32_t count) override {
    return distinct_nodes(self().owner(key), count, nodes(), [&](std::uint64_t attempt) {
      return self().owner(Key{key.bytes, mix64(key.hash ^ mix64(attempt + 1))});
    });
  }

  std::unique_ptr<KeyMap> resized(std::uint32_t nodes,
                                  std::vector<std::uint64_t> weights) const override {
    return std::make_unique<Algorithm>(request().with_nodes(nodes, std::move(weights)));
  }

 private:
  const Algorithm& self() const { return static_cast<const Algorithm&>(*this); }
};

}  // namespace shardproof::distribution
