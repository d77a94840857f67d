// SPDX-License-Identifier: Apache-2.0
#include "cli/placing.hpp"

#include <algorithm>
#include <array>

#include "cli/stopwatch.hpp"
#include "core/distribution/keys/movement.hpp"
#include "core/distribution/keys/registry.hpp"

namespace shardproof::cli {
namespace {

namespace dist = distribution;
using Counts = std::vector<std::uint64_t>;
using Owners = std::array<std::uint32_t, dist::KeyStream::kBatchKeys>;

/// One algorithm with one seed.
struct Trial {
  Counts counts;
  Counts counts_after;
  Counts shares;
  std::uint64_t moved = 0;
  std::uint64_t between_old = 0;
  std::uint64_t table_bytes = 0;
  std::uint64_t build_ns = 0;
  std::uint64_t lookup_ns = 0;  ///< of all keys
};

/// Those of the first `nodes` nodes, or none.
Counts first_weights(const PlaceCommand& command, std::uint32_t nodes) {
  if (command.weights.empty()) return {};
  return {command.weights.begin(), command.weights.begin() + nodes};
}

dist::KeyMapRequest request_of(const PlaceCommand& command, const dist::KeyAlgorithm& algorithm,
                               std::uint64_t seed) {
  dist::KeyMapRequest request;
  request.nodes = command.nodes;
  request.weights = first_weights(command, command.nodes);
  request.nodes_later = command.nodes_after.value_or(0);
  request.keys = command.keys;
  request.seed = seed;
  for (const PlaceCommand::Option& option : command.options) {
    if (distribution::find_option(algorithm.options, option.name) != nullptr) {
      request.options.emplace_back(option.name, option.value);
    }
  }
  return request;
}

void count_movement(std::uint32_t before, std::uint32_t after, const PlaceCommand& command,
                    Trial& trial) {
  ++trial.counts_after[after];
  if (before == after) return;
  ++trial.moved;
  if (before < *command.nodes_after && after < command.nodes) ++trial.between_old;
}

/// Asks for every key, and where `map_after` has it now.
void place_all(const PlaceCommand& command, std::uint64_t seed, dist::KeyMap& map,
               dist::KeyMap* map_after, Trial& trial) {
  trial.counts.resize(command.nodes);
  if (map_after != nullptr) trial.counts_after.resize(map_after->nodes());
  dist::KeyStream stream(command.key_format, command.keys, seed, command.hash);
  Owners owners{};
  Owners owners_after{};
  for (auto keys = stream.next(); !keys.empty(); keys = stream.next()) {
    const Stopwatch stopwatch;
    map.place(keys, std::span(owners).first(keys.size()));
    trial.lookup_ns += stopwatch.elapsed_ns();
    for (std::size_t i = 0; i < keys.size(); ++i) ++trial.counts[owners[i]];
    if (map_after == nullptr) continue;
    map_after->place(keys, std::span(owners_after).first(keys.size()));
    for (std::size_t i = 0; i < keys.size(); ++i) {
      count_movement(owners[i], owners_after[i], command, trial);
    }
  }
}

/// Lets a map that remembers keys see all of them once: that is how its tables are built.
void fill(const PlaceCommand& command, std::uint64_t seed, dist::KeyMap& map, Trial& trial) {
  dist::KeyStream stream(command.key_format, command.keys, seed, command.hash);
  Owners owners{};
  for (auto keys = stream.next(); !keys.empty(); keys = stream.next()) {
    const Stopwatch stopwatch;
    map.place(keys, std::span(owners).first(keys.size()));
    trial.build_ns += stopwatch.elapsed_ns();
  }
}

Result<Trial> try_seed(const PlaceCommand& command, const dist::KeyAlgorithm& algorithm,
                       std::uint64_t seed) {
  Trial trial;
  const Stopwatch stopwatch;
  const auto map = dist::build_key_map(algorithm, request_of(command, algorithm, seed));
  if (!map) return Unexpected{map.error()};
  trial.build_ns = stopwatch.elapsed_ns();
  if (command.shows_shares) {
    auto shares = (*map)->shares();
    if (!shares) return fail("{} has no shares of the key space: count keys", algorithm.name);
    trial.shares = std::move(*shares);
    trial.table_bytes = (*map)->table_bytes();
    return trial;
  }
  if (algorithm.remembers_keys) fill(command, seed, **map, trial);
  trial.table_bytes = (*map)->table_bytes();
  std::unique_ptr<dist::KeyMap> after;
  if (command.nodes_after) {
    after = (*map)->resized(*command.nodes_after, first_weights(command, *command.nodes_after));
  }
  place_all(command, seed, **map, after.get(), trial);
  return trial;
}

/// Of what the nodes hold, for each unit of weight where they have weights.
std::optional<sim::Skew> skew_of(const PlaceCommand& command, const Trial& trial) {
  Counts loads = command.shows_shares ? trial.shares : trial.counts;
  const Counts weights = first_weights(command, command.nodes);
  if (weights.empty()) return sim::skew_of(loads);
  if (command.shows_shares) {
    for (std::uint64_t& share : loads) share >>= 32;  // room for the weights
  }
  return sim::weighted_skew_of(loads, weights);
}

/// Adds one seed's figures to the means.
void add(const PlaceCommand& command, Trial trial, sim::AlgorithmPlacement& placement) {
  const double part = 1.0 / static_cast<double>(command.seeds);
  const auto plus = [part](double& mean, double value) { mean += part * value; };
  if (const auto skew = skew_of(command, trial)) {
    plus(placement.max_over_mean, skew->max_over_mean.to_double());
    plus(placement.min_over_mean, skew->min_over_mean.to_double());
    plus(placement.cv, skew->cv.to_double());
    plus(placement.gini, skew->gini.to_double());
  }
  if (command.nodes_after && !command.shows_shares) {
    if (!placement.movement) placement.movement.emplace();
    auto& movement = *placement.movement;
    plus(movement.moved, static_cast<double>(trial.moved));
    plus(movement.between_old, static_cast<double>(trial.between_old));
    plus(movement.minimum,
         static_cast<double>(dist::least_moved(trial.counts, *command.nodes_after,
                                               first_weights(command, *command.nodes_after))));
    if (movement.counts_after.empty()) movement.counts_after = std::move(trial.counts_after);
  }
  plus(placement.build_ns, static_cast<double>(trial.build_ns));
  plus(placement.lookup_ns,
       static_cast<double>(trial.lookup_ns) / static_cast<double>(command.keys));
  placement.table_bytes = trial.table_bytes;
  if (placement.counts.empty()) placement.counts = std::move(trial.counts);
  if (placement.shares.empty()) placement.shares = std::move(trial.shares);
}

Result<sim::AlgorithmPlacement> place_by(const PlaceCommand& command,
                                         const dist::KeyAlgorithm& algorithm) {
  sim::AlgorithmPlacement placement;
  placement.algorithm = algorithm.name;
  for (std::uint64_t seed = 0; seed < command.seeds; ++seed) {
    auto trial = try_seed(command, algorithm, seed);
    if (!trial) return Unexpected{trial.error()};
    add(command, std::move(*trial), placement);
  }
  return placement;
}

}  // namespace

Result<sim::PlacementResult> place_keys(const PlaceCommand& command) {
  sim::PlacementResult result;
  result.keys = command.keys;
  result.nodes = command.nodes;
  if (!command.shows_shares) result.nodes_after = command.nodes_after;
  result.seeds = command.seeds;
  result.is_of_shares = command.shows_shares;
  for (const dist::KeyAlgorithm* algorithm : command.algorithms) {
    auto placement = place_by(command, *algorithm);
    if (placement) {
      result.placements.push_back(std::move(*placement));
    } else if (command.leaves_out) {
      result.left_out.push_back(placement.error().message);
    } else {
      return Unexpected{placement.error()};
    }
  }
  return result;
}

}  // namespace shardproof::cli
