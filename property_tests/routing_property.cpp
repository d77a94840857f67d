// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "core/base/stable_hash.hpp"
#include "core/shard_key.hpp"
#include "sim/check/plain_routing.hpp"

/// The routing of the system against the one that the checks have for themselves.
namespace shardproof::sim::check {
namespace {

FieldValue any_value() {
  switch (*rc::gen::inRange(0, 8)) {
    case 0: return std::monostate();
    case 1: return *rc::gen::arbitrary<bool>();
    case 2:
    case 3: return *rc::gen::arbitrary<std::int64_t>();
    case 4: return std::string(static_cast<std::size_t>(*rc::gen::inRange(0, 200)), 'x');
    default: return *rc::gen::arbitrary<std::string>();
  }
}

Document any_document(const std::vector<std::string>& names) {
  Document document;
  document.key = *rc::gen::arbitrary<std::string>();
  for (const std::string& name : names) {
    const bool is_there = *rc::gen::inRange(0, 8) != 0;
    if (is_there) document.fields.push_back({name, any_value()});
  }
  return document;
}

CollectionConfig any_collection(const std::vector<std::string>& names) {
  CollectionConfig collection;
  collection.id = CollectionId(0);
  collection.num_shards = *rc::gen::inRange<std::uint32_t>(1, 5000);
  collection.first_shard = ShardId(*rc::gen::inRange<std::uint32_t>(0, 100));
  const auto fields = *rc::gen::inRange<std::size_t>(1, 5);
  collection.shard_key =
      *rc::gen::container<std::vector<std::string>>(fields, rc::gen::elementOf(names));
  return collection;
}

RC_GTEST_PROP(Routing, GoesWhereTheDescriptionSays, ()) {
  static const std::vector<std::string> kNames{"_key", "customer", "region", "year"};
  const CollectionConfig collection = any_collection(kNames);
  const Document document = any_document({"year", "customer", "region"});
  const auto routed = route(collection, document);
  const auto expected = plain_route(collection, document);
  RC_ASSERT(routed.has_value() == expected.has_value());
  if (routed) {
    RC_ASSERT(*routed == *expected);
  } else {
    RC_ASSERT(routed.error() == expected.error());
  }
}

RC_GTEST_PROP(Hash, IsTheOneOfTheDescription, (const std::string& bytes)) {
  std::string longer = bytes;
  for (int i = 0; i < 4; ++i) {
    RC_ASSERT(plain_hash(longer) == stable_hash(longer));
    longer += longer + bytes;
  }
}

}  // namespace
}  // namespace shardproof::sim::check
