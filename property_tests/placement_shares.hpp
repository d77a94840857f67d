// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "property_tests/placement_worlds.hpp"

namespace shardproof::distribution {

/// A law of how many of the world's keys the nodes of a map have. Fails the property that calls it.
/// `is_changed`: the map came of another one by the world's change.
using ShareLaw = void (*)(const PlacementWorld& world, const KeyMap& map, const Counts& counts,
                          bool is_changed);

/// Each node has its part by weight, and the rest is chance.
void share_by_weight(const PlacementWorld&, const KeyMap&, const Counts&, bool);
/// Each node has the part that the map says it owns, and the rest is chance.
void share_as_stated(const PlacementWorld&, const KeyMap&, const Counts&, bool);
/// Likewise, and what the map says is by weight, exactly.
void share_as_stated_by_weight(const PlacementWorld&, const KeyMap&, const Counts&, bool);
/// Likewise, to within a slot, of the option `slots`.
void share_of_slots(const PlacementWorld&, const KeyMap&, const Counts&, bool);
/// Likewise, to within a slot of Maglev's table of 4099; with weights turns are rounded, and by as
/// many slots in all as there are nodes the table is filled beyond them.
void share_of_maglev(const PlacementWorld&, const KeyMap&, const Counts&, bool);
/// The small bias of BinomialHash with five attempts, and the rest is chance.
void share_of_binomial(const PlacementWorld&, const KeyMap&, const Counts&, bool);
/// What the points of the nodes and 21 probes come to, and the rest is chance.
void share_of_multiprobe(const PlacementWorld&, const KeyMap&, const Counts&, bool);
/// Equal on nodes of the primary tier, none on the backups, and the rest is chance.
void share_of_tiers(const PlacementWorld&, const KeyMap&, const Counts&, bool);
/// No node is above 1.05 times its part by weight (option `c`), rounded up.
void share_within_capacity(const PlacementWorld&, const KeyMap&, const Counts&, bool);
/// No node is above its part by weight by more than a few keys of the lightest node; after a
/// change, when only some keys have chosen again, by no more than chance would have it.
void share_of_two_choices(const PlacementWorld&, const KeyMap&, const Counts&, bool);
/// No node lacks a whole key; after a change or with equal weights none has one too many.
void share_of_directory(const PlacementWorld&, const KeyMap&, const Counts&, bool);
/// After a change no node has more load by weight than the emptiest would with a shard more, of 50
/// keys (option `split`).
void share_of_ranges(const PlacementWorld&, const KeyMap&, const Counts&, bool);

}  // namespace shardproof::distribution
