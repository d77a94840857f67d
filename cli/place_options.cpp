// SPDX-License-Identifier: Apache-2.0
#include "cli/place_options.hpp"

#include <CLI/CLI.hpp>
#include <fmt/format.h>
#include <fmt/ranges.h>

#include "cli/help_footers.hpp"
#include "cli/option_words.hpp"
#include "core/base/contains.hpp"
#include "core/distribution/keys/registry.hpp"
#include "sim/scenario/decimal.hpp"
#include "sim/scenario/suggest.hpp"

namespace shardproof::cli {
namespace {

namespace dist = distribution;

/// Tables of nodes are built in memory: more than these are a slip of the keyboard.
constexpr std::uint64_t kNodesMax = 1'000'000;
constexpr std::uint64_t kKeysMax = 1'000'000'000'000;
constexpr std::uint64_t kSeedsMax = 100'000;
constexpr std::uint64_t kWeightMax = 1'000'000'000;

Result<std::vector<const dist::KeyAlgorithm*>> algorithms_of(
    const std::vector<std::string>& names) {
  std::vector<const dist::KeyAlgorithm*> algorithms;
  for (const std::string& name : names) {
    if (name == "all") {
      for (const auto& algorithm : dist::key_algorithms()) algorithms.push_back(&algorithm);
      continue;
    }
    const dist::KeyAlgorithm* algorithm = dist::find_key_algorithm(name);
    if (algorithm == nullptr) {
      std::vector<std::string_view> known;
      for (const auto& one : dist::key_algorithms()) known.push_back(one.name);
      const std::string nearest = sim::nearest(name, known);
      return fail("--algorithm: no algorithm '{}'; {}", name,
                  nearest.empty() ? "see `shardproof list algorithms`"
                                  : fmt::format("did you mean {}?", nearest));
    }
    algorithms.push_back(algorithm);
  }
  return algorithms;
}

Result<dist::KeyHash> hash_of(std::string_view name) {
  const dist::KeyHash* hash = dist::find_key_hash(name);
  if (hash != nullptr) return *hash;
  std::vector<std::string_view> known;
  for (const dist::KeyHash& one : dist::key_hashes()) known.push_back(one.name);
  return fail("--hash: no hash '{}'; there are {}", name, fmt::join(known, ", "));
}

Result<std::vector<std::uint64_t>> weights_of(const std::vector<std::string>& texts,
                                              std::uint64_t nodes) {
  std::vector<std::uint64_t> weights;
  for (const std::string& text : texts) {
    const auto weight = whole_number("--weights", text, kWeightMax);
    if (!weight) return Unexpected{weight.error()};
    weights.push_back(*weight);
  }
  if (!weights.empty() && weights.size() != nodes) {
    return fail(
        "--weights: {} weights for {} nodes; give one for each, of the larger of --nodes "
        "and --to",
        weights.size(), nodes);
  }
  return weights;
}

}  // namespace

void add_place(CLI::App& app, PlaceArguments& arguments) {
  CLI::App* place = app.add_subcommand("place", "Place keys on nodes, without a simulation");
  place
      ->add_option("--algorithm", arguments.algorithms,
                   "Algorithms (see `shardproof list algorithms`), or all")
      ->required()
      ->delimiter(',')
      ->allow_extra_args(false)
      ->type_name("NAME[,NAME]");
  place->add_option("--keys", arguments.keys, "How many (default: 100000)")->type_name("K");
  place->add_option("--key-format", arguments.key_format, "Their bytes (default: key-%d)")
      ->type_name("TEXT");
  place->add_option("--hash", arguments.hash, "How keys are hashed (default: xxh64)")
      ->type_name("NAME");
  place->add_option("--nodes", arguments.nodes, "How many")->required()->type_name("N");
  place->add_option("--to", arguments.nodes_after, "Change the nodes to so many: what moves?")
      ->type_name("M");
  place->add_option("--weights", arguments.weights, "One for each node (default: all equal)")
      ->delimiter(',')
      ->allow_extra_args(false)
      ->type_name("W,W,...");
  place->add_option("--seeds", arguments.seeds, "Take the mean over seeds 0 to S-1 (default: 1)")
      ->type_name("S");
  place->add_option("--option", arguments.options, "Of algorithms that have it; may be repeated")
      ->allow_extra_args(false)
      ->type_name("NAME=VALUE");
  place->add_flag("--shares", arguments.shows_shares,
                  "Measure shares of the key space, of algorithms that have them, not keys");
  place->add_flag("--json", arguments.json, "Print the result as JSON");
  place->footer(kPlaceFooter);
}

Result<PlaceCommand> place_command(const PlaceArguments& arguments) {
  PlaceCommand place;
  const auto algorithms = algorithms_of(arguments.algorithms);
  if (!algorithms) return Unexpected{algorithms.error()};
  place.algorithms = *algorithms;
  place.leaves_out = contains(arguments.algorithms, std::string("all"));
  const auto keys = whole_number("--keys", arguments.keys, kKeysMax);
  if (!keys) return Unexpected{keys.error()};
  place.keys = *keys;
  const auto format = dist::KeyFormat::parse(arguments.key_format);
  if (!format) return fail("--key-format: {}", format.error().message);
  place.key_format = *format;
  const auto hash = hash_of(arguments.hash);
  if (!hash) return Unexpected{hash.error()};
  place.hash = *hash;
  const auto nodes = whole_number("--nodes", arguments.nodes, kNodesMax);
  if (!nodes) return Unexpected{nodes.error()};
  place.nodes = static_cast<std::uint32_t>(*nodes);
  if (!arguments.nodes_after.empty()) {
    const auto after = whole_number("--to", arguments.nodes_after, kNodesMax);
    if (!after) return Unexpected{after.error()};
    place.nodes_after = static_cast<std::uint32_t>(*after);
  }
  const auto weights =
      weights_of(arguments.weights, std::max(place.nodes, place.nodes_after.value_or(0)));
  if (!weights) return Unexpected{weights.error()};
  place.weights = *weights;
  const auto seeds = whole_number("--seeds", arguments.seeds, kSeedsMax);
  if (!seeds) return Unexpected{seeds.error()};
  place.seeds = *seeds;
  std::vector<OptionOwner> owners;
  for (const auto* algorithm : place.algorithms) {
    owners.push_back({std::string(algorithm->name), algorithm->options});
  }
  const auto options = option_settings(arguments.options, owners, "algorithms");
  if (!options) return Unexpected{options.error()};
  for (const auto& [name, value] : *options) place.options.push_back({name, value});
  if (arguments.shows_shares && place.nodes_after) {
    return fail("--shares measures no movement: leave out --to");
  }
  place.shows_shares = arguments.shows_shares;
  place.json = arguments.json;
  return place;
}

}  // namespace shardproof::cli
