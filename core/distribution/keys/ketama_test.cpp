// SPDX-License-Identifier: Apache-2.0
#include "core/distribution/keys/ketama.hpp"

#include <gtest/gtest.h>

#include "core/distribution/keys/key_map_testing.hpp"
#include "core/distribution/keys/moments_testing.hpp"

namespace shardproof::distribution {
namespace {

std::uint32_t owner(const KetamaContinuum& continuum, std::string_view key) {
  return continuum.owner(continuum.successor(KetamaContinuum::place_of(key)));
}

/// Equal servers 127.0.0.1:10000, :10001, ....
KetamaContinuum continuum_of(std::uint32_t servers) {
  std::vector<KetamaServer> list;
  for (std::uint32_t i = 0; i < servers; ++i)
    list.push_back({fmt::format("127.0.0.1:{}", 10'000 + i)});
  return KetamaContinuum(list);
}

/// From the tests of spymemcached (KetamaNodeLocatorTest), which were made with libketama's
/// program.
TEST(KetamaContinuum, PlacesKeysAsSpymemcachedDoes) {
  const KetamaContinuum four = continuum_of(4);
  EXPECT_EQ(four.size(), 4 * 160u);
  EXPECT_EQ(four.point(four.size() - 1), 4294887009u);
  EXPECT_EQ(owner(four, "dustin"), 0u);
  EXPECT_EQ(owner(four, "noelani"), 2u);
  EXPECT_EQ(owner(four, "some other key"), 0u);
  for (const char* key : {"V5XS8C8N", "8KR2DKR2", "L9KH6X4X"}) {
    EXPECT_GT(KetamaContinuum::place_of(key), four.point(four.size() - 1)) << "wraps";
    EXPECT_EQ(owner(four, key), 3u);
  }
  const KetamaContinuum five = continuum_of(5);
  for (const auto& [key, server] : {std::pair{"dustin", 0u},
                                    {"noelani", 2u},
                                    {"some other key", 4u},
                                    {"36", 2u},
                                    {"10037", 3u},
                                    {"22051", 1u},
                                    {"49044", 4u}}) {
    EXPECT_EQ(owner(five, key), server) << key;
  }
}

/// From the tests of libmemcached (ketama_test_cases.h): the key, its place, the point that it
/// meets, and the server's number.
TEST(KetamaContinuum, PlacesKeysByWeightAsLibmemcachedDoes) {
  std::vector<KetamaServer> servers;
  for (const std::uint64_t weight : {600u, 300u, 200u, 350u, 1000u, 800u, 950u, 100u}) {
    servers.push_back({fmt::format("10.0.1.{}", servers.size() + 1), weight});
  }
  const KetamaContinuum continuum(servers);
  EXPECT_EQ(continuum.size(), (44 + 22 + 14 + 26 + 74 + 59 + 70 + 7) * 4u);
  struct Case {
    const char* key;
    std::uint32_t place;
    std::uint32_t point;
    std::uint32_t server;
  };
  for (const auto& [key, place, point, server] :
       {Case{"SVa_]_V41)", 443691461, 445379617, 7}, Case{"*/Z;?V(.\\8", 1422915503, 1428303028, 1},
        Case{"30C1*Z*S/_", 1473165754, 1480075959, 2},
        Case{"ERR:EC58G>", 2148406511, 2168579133, 7},
        Case{"1I=cTMNTKF", 2882686667, 2885206587, 5},
        Case{"P1[Ma3=K1/", 1989324036, 1994028240, 8},
        Case{"\\39DKW^)N_", 3548879868, 3550704865, 3},
        Case{"EM75N0+[X1", 1558531507, 1559308507, 4},
        Case{"6,cEI`F_P>", 3972869246, 3974773167, 6}, Case{"N-)88>[O`,", 50404102, 51792557, 5}}) {
    EXPECT_EQ(KetamaContinuum::place_of(key), place) << key;
    const std::size_t found = continuum.successor(place);
    EXPECT_EQ(continuum.point(found), point) << key;
    EXPECT_EQ(continuum.owner(found) + 1, server) << key;
  }
  EXPECT_EQ(KetamaContinuum::place_of("VDEAAAAA"), 0xfffcd1b5u);
  EXPECT_EQ(continuum.successor(0xfffcd1b5), 0u) << "beyond the last point";
}

TEST(Ketama, Has160PointsANodeOfMeanWeight) {
  EXPECT_EQ(key_map("ketama", 10)->table_bytes(), 10 * 160 * 8u);
  // floor(40 * 3 * 1 / 4) = 30, and 60 digests.
  EXPECT_EQ(key_map("ketama", 3, 0, {}, {1, 1, 2})->table_bytes(), (30 + 30 + 60) * 4 * 8u);
}

/// As a ring of 160 points a node: E[CV^2] = (n - 1) / (160 n + 1).
TEST(Ketama, SpreadsSharesAsARingOf160PointsDoes) {
  const Moments moments = unevenness_moments(std::vector<double>(50, 160));
  EXPECT_NEAR(moments.mean, 49.0 / (160 * 50 + 1), 1e-9);
  Deviation squares;
  for (std::uint64_t seed = 0; seed < 60; ++seed) {
    const auto parts = shares_of(*key_map("ketama", 50, seed));
    squares.add(unevenness(parts, std::vector<double>(50, 1.0 / 50)), moments);
  }
  EXPECT_LT(std::abs(squares.z()), kFar);
}

/// A twin that looks at all points for the nearest clockwise.
TEST(Ketama, GivesAKeyToTheNextPointClockwise) {
  const auto map = key_map("ketama", 3);
  std::vector<KetamaServer> servers = {{"node-0"}, {"node-1"}, {"node-2"}};
  const KetamaContinuum continuum(servers);
  const auto owners = owners_of(*map, 300);
  for (std::size_t i = 0; i < owners.size(); ++i) {
    const std::uint32_t place = KetamaContinuum::place_of(fmt::format("key-{}", i));
    std::uint32_t least = ~std::uint32_t{0};
    std::uint32_t nearest = 0;
    for (std::size_t point = 0; point < continuum.size(); ++point) {
      const std::uint32_t distance = continuum.point(point) - place;
      if (distance >= least) continue;
      least = distance;
      nearest = continuum.owner(point);
    }
    ASSERT_EQ(owners[i], nearest);
  }
}

}  // namespace
}  // namespace shardproof::distribution
