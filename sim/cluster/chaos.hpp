// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <string>
#include <vector>

#include "sim/cluster/active_effects.hpp"
#include "sim/cluster/fault_budget.hpp"
#include "sim/cluster/fault_injector.hpp"

namespace shardproof::sim {

/// The scenario's `[chaos]` at work: faults that come by themselves, as far as the budget allows.
///
/// Each family's arrivals are a Poisson process of their own. At an arrival a duration and victims
/// are drawn: running members in random order, each of whom is taken if the budget lets it be
/// struck together with those taken before, until there are as many as the family wants. If it lets
/// none, the fault is refused. A whole failure domain is struck together or not at all: domains
/// come in random order until the budget lets one be. What happens then is what the scripted action
/// would do.
///
/// Streams: ("chaos", family, "arrival" | "duration" | "fault").
class Chaos final : public Inhabitant {
 public:
  Chaos(const ScenarioSpec& spec, Cluster& cluster, FaultInjector& injector, ActiveEffects& effects,
        Streams streams);

  /// Schedules the first fault of each family; the scenario begins now.
  void begin();
  void on_message(Endpoint, Endpoint, Message&) override {}
  void on_event(const WorldEvent& event) override;

  /// What became of each family that the scenario asks for, in their order; nothing if for none.
  std::optional<ChaosFigures> figures() const;
  /// In the order of the families.
  void visit_streams(StreamVisitor& visitor);

 private:
  /// The state of one family.
  struct Source {
    Random arrival{0};
    Random duration{0};
    Random fault{0};
    Nanoseconds elapsed;  ///< of the scenario, at its last arrival or the end of the calm behind it
    ChaosCount count;
  };
  /// One fault as drawn.
  struct Draw {
    Action action;
    std::vector<NodeId> victims;
    std::string why_not;   ///< the budget's
    bool is_idle = false;  ///< there was nobody to strike
  };

  void schedule_next(ChaosFamily family);
  Draw draw(ChaosFamily family, Source& source);
  static void draw_parameters(Draw& draw, Random& random);
  void draw_victims(ChaosFamily family, Draw& draw, Random& random) const;
  void draw_pair(ChaosFamily family, Draw& draw, Random& random) const;
  void draw_nodes(ChaosFamily family, const NodeSelector& selector, Draw& draw,
                  Random& random) const;
  void draw_domain(ChaosFamily family, NodeSelector::Kind level, Draw& draw, Random& random) const;
  FaultBudget::Permission may(ChaosFamily family, const std::vector<NodeId>& victims,
                              const Action& action) const;
  void strike(ChaosFamily family, Source& source, const Draw& draw,
              std::optional<Nanoseconds> lasts);
  void remember(ChaosFamily family, const Draw& draw, std::optional<Nanoseconds> lasts);
  void log(ChaosFamily family, const Draw& draw, const std::string& text);

  const ChaosSpec& spec_;
  Nanoseconds end_;
  Cluster& cluster_;
  FaultInjector& injector_;
  ActiveEffects& effects_;
  FaultBudget budget_;
  std::array<Source, kChaosFamilies> sources_;
};

}  // namespace shardproof::sim
