// SPDX-License-Identifier: Apache-2.0
#include "core/distribution/keys/registry.hpp"

#include <algorithm>
#include <iterator>

#include <fmt/format.h>
#include <fmt/ranges.h>

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

/// The option of that name, if `value` is one it may have.
Result<const KeyMapOption*> checked_option(const KeyAlgorithm& algorithm, std::string_view name,
                                           Ratio value) {
  const KeyMapOption* option = algorithm.find_option(name);
  if (option == nullptr) {
    std::vector<std::string_view> names;
    for (const KeyMapOption& known : algorithm.options) names.push_back(known.name);
    return names.empty() ? fail("{} has no option {}; it has none", algorithm.name, name)
                         : fail("{} has no option {}; it has {}", algorithm.name, name,
                                fmt::join(names, ", "));
  }
  if (option->is_whole && Ratio(value.of(1), 1) != value) {
    return fail("option {} of {} is a whole number", name, algorithm.name);
  }
  if (value < Ratio(option->min, 1) || value > Ratio(option->max, 1)) {
    return fail("option {} of {} is from {} to {}", name, algorithm.name, option->min, option->max);
  }
  return option;
}

}  // namespace

const KeyMapOption* KeyAlgorithm::find_option(std::string_view option) const {
  const auto found = std::find_if(options.begin(), options.end(),
                                  [&](const KeyMapOption& known) { return known.name == option; });
  return found == options.end() ? nullptr : &*found;
}

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
    const auto option = checked_option(algorithm, name, value);
    if (!option) return Unexpected{option.error()};
    name = (*option)->name;
  }
  for (const KeyMapOption& option : algorithm.options) {
    const bool is_set = std::any_of(request.options.begin(), request.options.end(),
                                    [&](const auto& entry) { return entry.first == option.name; });
    if (!is_set) request.options.emplace_back(option.name, option.initial);
  }
  if (!request.has_equal_weights() && !algorithm.is_weighted) {
    return fail("{} knows no weights of nodes", algorithm.name);
  }
  if (algorithm.fits != nullptr) {
    if (const auto fine = algorithm.fits(request); !fine) return Unexpected{fine.error()};
  }
  return algorithm.build(std::move(request));
}

}  // namespace shardproof::distribution
