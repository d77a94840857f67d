// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <limits>
#include <utility>
#include <vector>

namespace shardproof::distribution {

/// Colours the edges of a multigraph without loops, no two of a colour at a vertex, with a given
/// number of colours, as far as Kempe chains lead: an edge whose ends have no free colour in common
/// is given one after the chain of two colours from one of its ends has been flipped (Kempe 1879;
/// König 1916). In a bipartite graph with no vertex of more edges than colours that never fails.
/// Elsewhere it may; such edges stay without colour.
class KempeColouring {
 public:
  static constexpr std::uint32_t kNone = std::numeric_limits<std::uint32_t>::max();
  using Edge = std::pair<std::uint32_t, std::uint32_t>;

  /// `edges` by their two vertices, each below `vertices`, and no vertex with more than `colours`
  /// of them. Memory O(vertices * colours / 64 + edges). Time O(edges * (colours / 64 + chain)),
  /// chains being at most as long as there are vertices, and colours that are all taken from the
  /// first one on at one of the ends costing nothing.
  KempeColouring(std::uint32_t vertices, std::vector<Edge> edges, std::uint32_t colours);

  /// Colours what can be coloured, in the order of the edges.
  void run();

  /// By edge; kNone for those that failed.
  const std::vector<std::uint32_t>& colours() const { return edge_colours_; }

 private:
  using Word = std::uint64_t;
  static constexpr std::uint32_t kBits = 64;

  /// The edges of a vertex by colour: by index if it has many, else as a list.
  struct Incident {
    bool is_dense = false;
    std::vector<std::uint32_t> edges;
  };

  void add(std::uint32_t edge);
  void colour(std::uint32_t edge, std::uint32_t with);
  /// The first word of the vertex's colours in which one is free, or the number of words.
  std::uint32_t first_open_word(std::uint32_t vertex);
  std::uint32_t common_free_colour(std::uint32_t a, std::uint32_t b);
  std::uint32_t free_colour(std::uint32_t vertex, std::uint32_t from) const;
  std::uint32_t edge_of_colour(std::uint32_t vertex, std::uint32_t colour) const;
  bool has_colour(std::uint32_t vertex, std::uint32_t colour) const;
  void set(std::uint32_t vertex, std::uint32_t edge, std::uint32_t colour);
  void clear(std::uint32_t vertex, std::uint32_t edge, std::uint32_t colour);
  bool free_at(std::uint32_t vertex, std::uint32_t wanted, std::uint32_t other,
               std::uint32_t avoided);
  std::uint32_t other_end(std::uint32_t edge, std::uint32_t vertex) const {
    return edges_[edge].first == vertex ? edges_[edge].second : edges_[edge].first;
  }

  std::uint32_t colour_count_;
  std::uint32_t words_;  // of a vertex in used_
  std::vector<Edge> edges_;
  std::vector<std::uint32_t> edge_colours_;
  std::vector<Word> used_;                 // bits: the colours at each vertex
  std::vector<std::uint32_t> words_full_;  // of each vertex: so many words at least are full
  std::vector<Incident> incident_;
  std::vector<std::uint32_t> chain_;
};

}  // namespace shardproof::distribution
