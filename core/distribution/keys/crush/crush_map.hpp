// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <utility>
#include <vector>

#include "core/distribution/keys/crush/crush_item.hpp"
#include "core/distribution/keys/key_map.hpp"

namespace shardproof::distribution {

/// Whether all domains of the option `domain` have the same number of nodes: buckets that know no
/// weights would give a smaller one as many keys as the others.
Result<void> crush_domains_fit(const KeyMapRequest& request);

namespace detail {

/// What a bucket of domain number `domain` is told apart by.
std::uint64_t crush_domain_seed(const KeyMapRequest& request, std::uint32_t domain);
/// Adds nodes that are not there to `found`, the longest straws of try 0 first, until there are
/// `wanted`.
void fill_by_straws(const KeyMapRequest& request, std::uint64_t hash, std::uint32_t wanted,
                    std::vector<std::uint32_t>& found);

}  // namespace detail

/// CRUSH (Weil, Brandt, Miller, Maltzahn 2006) with buckets of one kind: a root of failure domains,
/// each of `domain` nodes in order (the last may have fewer; with 1 a node is its own domain).
/// How a `Bucket` chooses one of its items, and what moves when these change, its header says.
/// Seeds are the XXH64 of `node-<i>`, `domain-<i>` and, of the root, `root`. A domain weighs what
/// its nodes do together.
///
/// Copies (firstn): for each a domain is chosen, then a node in it; where the domain has a copy
/// already, the next try. After 50 tries (Ceph's choose_total_tries) more than copies, as where one
/// domain outweighs all others, the rest is filled with the nodes whose straws of try 0 are the
/// longest (see Straw2Bucket), whatever their domain. A look-up is a choice of the root, and one of
/// the domain; a change of weights is one at both.
template <typename Bucket>
class CrushMap final : public PerKeyMap<CrushMap<Bucket>> {
 public:
  explicit CrushMap(KeyMapRequest request_made);

  std::uint32_t owner(const Key& key) const { return chosen(key.hash, 0); }
  std::vector<std::uint32_t> replicas(const Key& key, std::uint32_t count) override;
  std::uint64_t table_bytes() const override;

 private:
  std::uint32_t domain_of(std::uint32_t node) const { return node / domain_nodes_; }
  /// The node of try `r`.
  std::uint32_t chosen(std::uint64_t hash, std::uint64_t r) const;
  /// Buckets of the nodes of each domain; adds the domains to `items`.
  void make_domains(std::vector<CrushItem>& items);
  Bucket make_root();

  std::uint32_t domain_nodes_;
  std::vector<Bucket> domains_;  ///< empty if each node is its own
  Bucket root_;
};

template <typename Bucket>
CrushMap<Bucket>::CrushMap(KeyMapRequest request_made)
    : PerKeyMap<CrushMap<Bucket>>(std::move(request_made)),
      domain_nodes_(static_cast<std::uint32_t>(this->request().number("domain"))),
      root_(make_root()) {}

template <typename Bucket>
Bucket CrushMap<Bucket>::make_root() {
  std::vector<CrushItem> items;
  if (domain_nodes_ == 1) {
    for (std::uint32_t node = 0; node < this->nodes(); ++node) {
      items.push_back(crush_node(this->request(), node));
    }
  } else {
    make_domains(items);
  }
  return Bucket(std::move(items), stable_hash("root", this->request().seed));
}

template <typename Bucket>
void CrushMap<Bucket>::make_domains(std::vector<CrushItem>& items) {
  for (std::uint32_t first = 0; first < this->nodes(); first += domain_nodes_) {
    std::vector<CrushItem> nodes;
    CrushItem domain{detail::crush_domain_seed(this->request(), domain_of(first)), 0};
    const std::uint32_t count = std::min(domain_nodes_, this->nodes() - first);
    for (std::uint32_t node = first; node < first + count; ++node) {
      nodes.push_back(crush_node(this->request(), node));
      domain.weight += nodes.back().weight;
    }
    items.push_back(domain);
    domains_.emplace_back(std::move(nodes), domain.seed);
  }
}

template <typename Bucket>
std::uint32_t CrushMap<Bucket>::chosen(std::uint64_t hash, std::uint64_t r) const {
  const std::uint32_t item = root_.choose(hash, r);
  if (domains_.empty()) return item;
  return item * domain_nodes_ + domains_[item].choose(hash, r);
}

template <typename Bucket>
std::vector<std::uint32_t> CrushMap<Bucket>::replicas(const Key& key, std::uint32_t count) {
  constexpr std::uint64_t kRetries = 50;  // choose_total_tries of Ceph
  const std::uint32_t wanted = std::min(count, this->nodes());
  std::vector<std::uint32_t> found;
  for (std::uint64_t r = 0; found.size() < wanted && r < wanted + kRetries; ++r) {
    const std::uint32_t node = chosen(key.hash, r);
    const bool collides = std::any_of(found.begin(), found.end(), [&](std::uint32_t there) {
      return domain_of(there) == domain_of(node);
    });
    if (!collides) found.push_back(node);
  }
  if (found.size() < wanted) detail::fill_by_straws(this->request(), key.hash, wanted, found);
  return found;
}

template <typename Bucket>
std::uint64_t CrushMap<Bucket>::table_bytes() const {
  std::uint64_t bytes = root_.bytes();
  for (const Bucket& domain : domains_) bytes += domain.bytes();
  return bytes;
}

}  // namespace shardproof::distribution
