// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>

#include <gtest/gtest.h>

#include "sim/check/fake_view_testing.hpp"
#include "sim/check/story_testing.hpp"

namespace shardproof::sim::check {

/// n0 and n1 hold a, b (deleted) and c, and their stores say so.
class AuditTest : public ::testing::Test {
 protected:
  AuditTest() {
    a = story.write("a");
    old_b = story.write("b");
    b = story.write("b", true);
    c = story.write("c");
    view = std::make_unique<FakeView>(story.table);
    for (const NodeId node : {kN0, kN1}) {
      FakeStore& store = view->stores[node.value()];
      for (const EntryRef& entry : {a, b, c}) store.apply(kS0, entry);
    }
  }
  FakeStore& store(NodeId node) { return view->stores[node.value()]; }
  void audit() {
    ++story.event;
    story.suite.audit_everything(*view, story.at(NodeId::none()));
  }

  Story story;
  EntryRef a, old_b, b, c;
  std::unique_ptr<FakeView> view;
};

}  // namespace shardproof::sim::check
