// SPDX-License-Identifier: Apache-2.0
#include "sim/network.hpp"

#include <algorithm>
#include <utility>

#include "core/base/check.hpp"

namespace shardproof::sim {
namespace {

constexpr Ratio kOne{1, 1};
const std::size_t kCopyChunk = Message(message::CopyChunk{}).index();

bool concerns(const PathFault& fault, Endpoint from, Endpoint to, std::size_t kind) {
  if (((fault.kinds >> kind) & 1) == 0) return false;
  if (fault.from.contains(from) && fault.to.contains(to)) return true;
  return !fault.one_way && fault.from.contains(to) && fault.to.contains(from);
}

/// Queues `busy` behind what a resource has to do already.
void reserve(Instant& busy_until, Instant now, Nanoseconds busy, Instant& through) {
  busy_until = std::max(busy_until, now) + busy;
  through = std::max(through, busy_until);
}

}  // namespace

Network::Network(const NetworkSpec& spec, Topology topology, Streams streams)
    : base_(spec),
      current_(spec),
      topology_(std::move(topology)),
      streams_(streams),
      metadata_(make_port(Endpoint::metadata(), kEverywhere, Bandwidth())),
      operator_console_(make_port(Endpoint::operator_console(), kEverywhere, Bandwidth())) {}

// --- Who is there -------------------------------------------------------------------------------

Network::Port Network::make_port(Endpoint endpoint, SiteId site, Bandwidth bandwidth) const {
  const auto stream = [&](const char* purpose) {
    return streams_.stream("network", endpoint.raw(), purpose);
  };
  return {Instant(),
          Instant(),
          bandwidth,
          site,
          kOne,
          stream("delay"),
          stream("loss"),
          stream("duplication"),
          stream("corruption")};
}

void Network::add_node(NodeId node, DomainPath domain, Bandwidth bandwidth) {
  SHARDPROOF_CHECK(node.value() == nodes_.size(), "{} is not the next node", node);
  nodes_.push_back(make_port(Endpoint::node(node), topology_.site(domain), bandwidth));
}

void Network::place_clients(DomainPath domain) {
  client_site_ = topology_.site(domain);
  operator_console_.site = client_site_;
  for (Port& client : clients_) client.site = client_site_;
}

void Network::place_metadata(DomainPath domain) { metadata_.site = topology_.site(domain); }

void Network::visit_streams(StreamVisitor& visitor) {
  visitor.on_source(streams_);
  const auto visit = [&](Endpoint endpoint, Port& port) {
    visitor.on_stream("network", endpoint.raw(), "delay", port.delay);
    visitor.on_stream("network", endpoint.raw(), "loss", port.loss);
    visitor.on_stream("network", endpoint.raw(), "duplication", port.duplication);
    visitor.on_stream("network", endpoint.raw(), "corruption", port.corruption);
  };
  for (std::uint32_t i = 0; i < nodes_.size(); ++i) visit(Endpoint::node(NodeId(i)), nodes_[i]);
  for (std::uint32_t i = 0; i < clients_.size(); ++i) {
    visit(Endpoint::client(ClientId(i)), clients_[i]);
  }
  visit(Endpoint::metadata(), metadata_);
  visit(Endpoint::operator_console(), operator_console_);
}

void Network::grow_clients(Endpoint endpoint) {
  if (!endpoint.is_client()) return;
  while (clients_.size() <= endpoint.as_client().value()) {
    const ClientId next(static_cast<ClientId::Rep>(clients_.size()));
    clients_.push_back(make_port(Endpoint::client(next), client_site_, Bandwidth()));
  }
}

Network::Port& Network::port(Endpoint endpoint) {
  if (endpoint.is_node()) {
    const std::size_t node = endpoint.as_node().value();
    SHARDPROOF_CHECK(node < nodes_.size(), "{} is not on the network", endpoint.as_node());
    return nodes_[node];
  }
  if (endpoint.is_client()) return clients_[endpoint.as_client().value()];
  return endpoint.is_metadata() ? metadata_ : operator_console_;
}

// --- One message --------------------------------------------------------------------------------

Deliveries Network::plan(Instant now, Endpoint from, Endpoint to, Bytes size, std::size_t kind) {
  ++counters_.sent;
  counters_.bytes_sent += size;
  ++counters_.by_kind[kind].messages;
  counters_.by_kind[kind].bytes += size;

  Deliveries deliveries;
  if (from == to) {
    deliveries.add(now);
    return deliveries;
  }
  grow_clients(from);
  grow_clients(to);
  Port& sender = port(from);
  Port& receiver = port(to);
  Instant departure = now;
  if (!pass_interface(sender, sender.out_busy_until, now, size, departure)) return deliveries;
  if (is_cut(from, to, kind)) {
    ++counters_.cut;
    return deliveries;
  }
  if (sender.loss.chance(current_.loss) || sender.loss.chance(path_loss(from, to, kind))) {
    ++counters_.lost;
    return deliveries;
  }
  carry(now, departure, sender, receiver, size, stretch(from, to, kind), kind, deliveries);
  if (sender.duplication.chance(current_.duplication)) {
    ++counters_.duplicated;
    Stretch late = stretch(from, to, kind);
    late.extra += sample(current_.duplicate_delay, sender.duplication);
    carry(now, departure, sender, receiver, size, late, kind, deliveries);
  }
  return deliveries;
}

bool Network::pass_interface(const Port& port, Instant& busy_until, Instant now, Bytes size,
                             Instant& through) {
  if (port.bandwidth.is_unlimited()) return true;
  const Nanoseconds busy = port.slowdown.of(port.bandwidth.time_for(size));
  if (current_.queue > Bytes(0) && busy_until > now) {
    // An idle interface takes a message of any size.
    const Nanoseconds limit = port.slowdown.of(port.bandwidth.time_for(current_.queue));
    if (busy_until - now + busy > limit) {
      ++counters_.overflowed;
      return false;
    }
  }
  reserve(busy_until, now, busy, through);
  return true;
}

void Network::pass_link(LinkId id, Instant now, Bytes size, Instant& through) {
  const Bandwidth bandwidth = topology_.link(id).bandwidth;
  if (bandwidth.is_unlimited()) return;
  if (id >= link_busy_until_.size()) link_busy_until_.resize(topology_.link_count());
  reserve(link_busy_until_[id], now, bandwidth.time_for(size), through);
}

void Network::carry(Instant now, Instant departure, Port& sender, Port& receiver, Bytes size,
                    Stretch stretch, std::size_t kind, Deliveries& deliveries) {
  Instant through = departure;
  Nanoseconds latency = sample(current_.latency, sender.delay);
  topology_.for_each_link(sender.site, receiver.site, [&](LinkId id) {
    latency += sample(topology_.link(id).latency, sender.delay);
    pass_link(id, now, size, through);
  });
  if (!pass_interface(receiver, receiver.in_busy_until, now, size, through)) return;
  if (stretch.factor != kOne) latency = stretch.factor.of(latency);
  std::uint64_t damage = 0;
  if (sender.corruption.chance(current_.corruption)) {
    if (kind != kCopyChunk) {
      ++counters_.lost;
      return;
    }
    damage = sender.corruption.next() | 1;
  }
  deliveries.add(through + latency + stretch.extra, damage);
}

bool Network::admit(Endpoint from, Endpoint to, std::size_t kind) {
  if (is_cut(from, to, kind)) {
    ++counters_.cut;
    return false;
  }
  ++counters_.delivered;
  return true;
}

// --- Faults -------------------------------------------------------------------------------------

bool Network::is_cut(Endpoint from, Endpoint to, std::size_t kind) const {
  if (path_faults_.empty() || from == to) return false;
  return std::any_of(path_faults_.begin(), path_faults_.end(), [&](const PathFault& fault) {
    return fault.cut && concerns(fault, from, to, kind);
  });
}

bool Network::is_held(Endpoint from, Endpoint to, std::size_t kind) const {
  if (path_faults_.empty() || from == to) return false;
  return std::any_of(path_faults_.begin(), path_faults_.end(), [&](const PathFault& fault) {
    return fault.holds && concerns(fault, from, to, kind);
  });
}

Ratio Network::path_loss(Endpoint from, Endpoint to, std::size_t kind) const {
  Ratio loss(0, 1);
  for (const PathFault& fault : path_faults_) {
    if (concerns(fault, from, to, kind)) loss = std::max(loss, fault.loss);
  }
  return loss;
}

Network::Stretch Network::stretch(Endpoint from, Endpoint to, std::size_t kind) {
  if (faults_.empty()) return {};
  Port& sender = port(from);
  Stretch result{std::max(sender.slowdown, port(to).slowdown), Nanoseconds(0)};
  for (const PathFault& fault : path_faults_) {
    if (!concerns(fault, from, to, kind)) continue;
    result.factor = std::max(result.factor, fault.slowdown);
    result.extra += sample(fault.extra, sender.delay);
  }
  return result;
}

FaultId Network::add(PathFault fault) {
  const FaultId id = faults_.add(std::move(fault));
  refresh();
  return id;
}

FaultId Network::add(Slowdown fault) {
  grow_clients(fault.endpoint);
  const FaultId id = faults_.add(fault);
  refresh();
  return id;
}

FaultId Network::add(const NetworkAction& fault) {
  const FaultId id = faults_.add(fault);
  refresh();
  return id;
}

bool Network::heal(FaultId id) {
  const bool was_on = faults_.remove(id);
  refresh();
  return was_on;
}

void Network::heal_settings() {
  base_.loss = base_.duplication = base_.corruption = Ratio(0, 1);
  refresh();
}

void Network::refresh() {
  current_ = base_;
  path_faults_.clear();
  for (Port& node : nodes_) node.slowdown = kOne;
  for (Port& client : clients_) client.slowdown = kOne;
  metadata_.slowdown = kOne;
  operator_console_.slowdown = kOne;
  for (const auto& [id, fault] : faults_) {
    if (const auto* path = std::get_if<PathFault>(&fault)) {
      path_faults_.push_back(*path);
    } else if (const auto* slow = std::get_if<Slowdown>(&fault)) {
      Ratio& factor = port(slow->endpoint).slowdown;
      factor = std::max(factor, slow->factor);
    } else if (const auto* action = std::get_if<NetworkAction>(&fault)) {
      refresh_settings(*action);
    }
  }
}

void Network::refresh_settings(const NetworkAction& action) {
  if (action.latency) current_.latency = *action.latency;
  if (action.loss) current_.loss = *action.loss;
  if (action.duplication) current_.duplication = *action.duplication;
  if (action.corruption) current_.corruption = *action.corruption;
}

}  // namespace shardproof::sim
