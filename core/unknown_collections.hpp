// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <vector>

#include "core/step.hpp"

namespace shardproof {

/// Requests at a router for collections that its table does not have. The table may be older than
/// the collection, so each waits until one is known that covers everything committed before it
/// came.
class UnknownCollections {
 public:
  struct Waiting {
    Endpoint client;
    message::ClientRequest request;
    /// The number of the table read that is sure to cover it.
    std::uint64_t read = 0;
    Instant deadline;
  };

  void add(Endpoint client, const message::ClientRequest& request, Step& step);
  /// The table was read: takes those that it covers, in order of arrival; for the others it is read
  /// again.
  std::vector<Waiting> take_covered(Step& step);
  /// Takes those that have waited for `request_timeout`, in order of arrival.
  std::vector<Waiting> take_expired(Instant now);
  bool empty() const { return waiting_.empty(); }

 private:
  std::vector<Waiting> waiting_;
};

}  // namespace shardproof
