// SPDX-License-Identifier: Apache-2.0
#include "core/distribution/keys/registry.hpp"

#include <algorithm>
#include <iterator>

#include "core/distribution/keys/families.hpp"

namespace shardproof::distribution {
namespace {

std::vector<KeyAlgorithm> make_algorithms() {
  std::vector<KeyAlgorithm> all;
  for (auto family : {bucket_algorithms(), point_algorithms(), crush_algorithms(),
                      table_algorithms(), load_algorithms(), group_algorithms()}) {
    std::move(family.begin(), family.end(), std::back_inserter(all));
  }
  return all;
}

}  // namespace

const std::vector<KeyAlgorithm>& key_algorithms() {
  static const std::vector<KeyAlgorithm> kAlgorithms = make_algorithms();
  return kAlgorithms;
}

const KeyAlgorithm* find_key_algorithm(std::string_view name) {
  for (const KeyAlgorithm& algorithm : key_algorithms()) {
    if (algorithm.name == name) return &algorithm;
  }
  return nullptr;
}

Result<std::unique_ptr<KeyMap>> build_key_map(const KeyAlgorithm& algorithm,
                                              KeyMapRequest request) {
  for (auto& [name, value] : request.options) {
    const auto fine = check_option(algorithm.name, algorithm.options, name, value);
    if (!fine) return Unexpected{fine.error()};
    name = find_option(algorithm.options, name)->name;
  }
  for (const PolicyOption& option : algorithm.options) {
    const bool is_set = std::any_of(request.options.begin(), request.options.end(),
                                    [&](const auto& entry) { return entry.first == option.name; });
    if (!is_set) request.options.emplace_back(option.name, option.initial);
  }
  if (!request.has_equal_weights() && !algorithm.is_weighted) {
    return fail("{} knows no weights of nodes", algorithm.name);
  }
  if (algorithm.fits != nullptr) {
    if (const auto fine = algorithm.fits(request); !fine) {
      return fail("{}: {}", algorithm.name, fine.error().message);
    }
  }
  return algorithm.build(std::move(request));
}

}  // namespace shardproof::distribution
