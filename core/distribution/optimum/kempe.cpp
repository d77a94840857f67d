// SPDX-License-Identifier: Apache-2.0
#include "core/distribution/optimum/kempe.hpp"

#include <algorithm>
#include <bit>

#include "core/base/check.hpp"

namespace shardproof::distribution {
namespace {

/// A vertex with at least one edge for so many colours has a table of them.
constexpr std::uint32_t kColoursPerEdge = 16;
/// Pairs of free colours tried for an edge before it is given up.
constexpr int kChainsTried = 64;

}  // namespace

KempeColouring::KempeColouring(std::uint32_t vertices, std::vector<Edge> edges,
                               std::uint32_t colours)
    : colour_count_(colours),
      words_((colours + kBits - 1) / kBits),
      edges_(std::move(edges)),
      edge_colours_(edges_.size(), kNone),
      used_(std::size_t{vertices} * words_),
      words_full_(vertices),
      incident_(vertices) {
  std::vector<std::uint32_t> degree(vertices);
  for (const auto& [a, b] : edges_) {
    SHARDPROOF_CHECK(a != b);
    ++degree[a];
    ++degree[b];
  }
  for (std::uint32_t vertex = 0; vertex < vertices; ++vertex) {
    SHARDPROOF_CHECK(degree[vertex] <= colours);
    if (degree[vertex] < colours / kColoursPerEdge) continue;
    incident_[vertex].is_dense = true;
    incident_[vertex].edges.assign(colours, kNone);
  }
}

void KempeColouring::run() {
  for (std::uint32_t edge = 0; edge < edges_.size(); ++edge) add(edge);
}

void KempeColouring::add(std::uint32_t edge) {
  const auto [a, b] = edges_[edge];
  const std::uint32_t common = common_free_colour(a, b);
  if (common != kNone) return colour(edge, common);
  int tried = 0;
  for (std::uint32_t of_a = free_colour(a, 0); of_a != kNone; of_a = free_colour(a, of_a + 1)) {
    for (std::uint32_t of_b = free_colour(b, 0); of_b != kNone; of_b = free_colour(b, of_b + 1)) {
      if (free_at(b, of_a, of_b, a)) return colour(edge, of_a);
      if (++tried == kChainsTried) return;
    }
  }
}

void KempeColouring::colour(std::uint32_t edge, std::uint32_t with) {
  edge_colours_[edge] = with;
  set(edges_[edge].first, edge, with);
  set(edges_[edge].second, edge, with);
}

std::uint32_t KempeColouring::first_open_word(std::uint32_t vertex) {
  const Word* of_vertex = &used_[std::size_t{vertex} * words_];
  std::uint32_t& word = words_full_[vertex];
  while (word < words_ && of_vertex[word] == std::numeric_limits<Word>::max()) ++word;
  return word;
}

std::uint32_t KempeColouring::common_free_colour(std::uint32_t a, std::uint32_t b) {
  const Word* of_a = &used_[std::size_t{a} * words_];
  const Word* of_b = &used_[std::size_t{b} * words_];
  for (std::uint32_t word = std::max(first_open_word(a), first_open_word(b)); word < words_;
       ++word) {
    const Word used = of_a[word] | of_b[word];
    if (used == std::numeric_limits<Word>::max()) continue;
    const std::uint32_t found = word * kBits + static_cast<std::uint32_t>(std::countr_one(used));
    return found < colour_count_ ? found : kNone;
  }
  return kNone;
}

std::uint32_t KempeColouring::free_colour(std::uint32_t vertex, std::uint32_t from) const {
  const std::uint32_t first = std::max(from, words_full_[vertex] * kBits);
  for (std::uint32_t colour = first; colour < colour_count_; ++colour) {
    if (!has_colour(vertex, colour)) return colour;
  }
  return kNone;
}

bool KempeColouring::has_colour(std::uint32_t vertex, std::uint32_t colour) const {
  return (used_[std::size_t{vertex} * words_ + colour / kBits] >> (colour % kBits)) & 1;
}

std::uint32_t KempeColouring::edge_of_colour(std::uint32_t vertex, std::uint32_t colour) const {
  if (!has_colour(vertex, colour)) return kNone;
  const Incident& here = incident_[vertex];
  if (here.is_dense) return here.edges[colour];
  return *std::find_if(here.edges.begin(), here.edges.end(),
                       [&](std::uint32_t edge) { return edge_colours_[edge] == colour; });
}

void KempeColouring::set(std::uint32_t vertex, std::uint32_t edge, std::uint32_t colour) {
  used_[std::size_t{vertex} * words_ + colour / kBits] |= Word{1} << (colour % kBits);
  Incident& here = incident_[vertex];
  if (here.is_dense) {
    here.edges[colour] = edge;
  } else {
    here.edges.push_back(edge);
  }
}

void KempeColouring::clear(std::uint32_t vertex, std::uint32_t edge, std::uint32_t colour) {
  used_[std::size_t{vertex} * words_ + colour / kBits] &= ~(Word{1} << (colour % kBits));
  words_full_[vertex] = std::min(words_full_[vertex], colour / kBits);
  Incident& here = incident_[vertex];
  if (here.is_dense) {
    here.edges[colour] = kNone;
  } else {
    std::erase(here.edges, edge);
  }
}

/// Flips the chain that begins at the vertex with the wanted colour and goes on with the other one,
/// unless it ends at the vertex to avoid: there the wanted colour would be taken.
bool KempeColouring::free_at(std::uint32_t vertex, std::uint32_t wanted, std::uint32_t other,
                             std::uint32_t avoided) {
  chain_.clear();
  std::uint32_t colour = wanted;
  for (std::uint32_t edge = edge_of_colour(vertex, colour); edge != kNone;
       edge = edge_of_colour(vertex, colour)) {
    chain_.push_back(edge);
    vertex = other_end(edge, vertex);
    colour = colour == wanted ? other : wanted;
  }
  if (vertex == avoided) return false;
  for (const std::uint32_t edge : chain_) {
    clear(edges_[edge].first, edge, edge_colours_[edge]);
    clear(edges_[edge].second, edge, edge_colours_[edge]);
  }
  for (const std::uint32_t edge : chain_) {
    KempeColouring::colour(edge, edge_colours_[edge] == wanted ? other : wanted);
  }
  return true;
}

}  // namespace shardproof::distribution
