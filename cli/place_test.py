# SPDX-License-Identifier: Apache-2.0
"""`shardproof place` as a user meets it.

usage: place_test.py BINARY [test names]
"""

import bisect
import hashlib
import json
import re

import cli_testing


class PlaceTest(cli_testing.CommandLine):
    def place(self, *arguments):
        return json.loads(self.call("place", *arguments, "--json").stdout)["placements"]

    def test_place_counts_every_key_and_what_moves(self):
        names = re.findall(r"^  (\S+)", self.call("list", "algorithms").stdout, re.MULTILINE)
        self.assertGreaterEqual(len(names), 25)
        placements = self.place("--algorithm", ",".join(names), "--keys", "5000", "--nodes", "10", "--to", "11")
        self.assertEqual([placement["algorithm"] for placement in placements], names)
        for placement in placements:
            self.assertEqual(sum(placement["counts"]), 5000)
            self.assertEqual(sum(placement["counts_after"]), 5000)
            self.assertEqual((len(placement["counts"]), len(placement["counts_after"])), (10, 11))
            self.assertGreaterEqual(placement["moved"], placement["counts_after"][10])
            self.assertAlmostEqual(placement["max_over_mean"], max(placement["counts"]) / 500)
            self.assertAlmostEqual(placement["min_over_mean"], min(placement["counts"]) / 500)
            self.assertGreater(placement["lookup_ns"], 0)
        useless = {placement["algorithm"] for placement in placements if placement["moved_between_old"] > 0}
        self.assertLessEqual(useless, {"mod", "bounded", "maglev", "range", "shuffle", "crush_tree", "crush_uniform"})
        self.assertIn("mod", useless)

    def test_place_is_composed_as_the_documentation_says(self):
        # jump(XXH64("key-0") = 12daf06715ffa373, 10), computed by the published loop in doubles.
        key, bucket, after = 0x12daf06715ffa373, -1, 0
        while after < 10:
            bucket = after
            key = (key * 2862933555777941757 + 1) % 2**64
            after = int((bucket + 1) * (2.0**31 / ((key >> 33) + 1)))
        [placement] = self.place("--algorithm", "jump", "--keys", "1", "--nodes", "10")
        self.assertEqual(placement["counts"].index(1), bucket)
        [placement] = self.place("--algorithm", "mod", "--keys", "1", "--nodes", "1000")
        self.assertEqual(placement["counts"].index(1), 0x12daf06715ffa373 % 1000)

    def test_ketama_is_libketamas(self):
        def words(text):
            digest = hashlib.md5(text.encode()).digest()
            return [int.from_bytes(digest[i:i + 4], "little") for i in (0, 4, 8, 12)]

        points = sorted((word, node) for node in range(10) for j in range(40) for word in words(f"node-{node}-{j}"))
        counts = [0] * 10
        for key in range(1000):
            at = bisect.bisect_left(points, (words(f"key-{key}")[0], 0))
            counts[points[at % len(points)][1]] += 1
        [placement] = self.place("--algorithm", "ketama", "--keys", "1000", "--nodes", "10")
        self.assertEqual(placement["counts"], counts)

    def test_place_goes_on_from_what_was_however_many_nodes_come(self):
        for placement in self.place("--algorithm", "anchor,dx,slots,directory,random_slicing", "--keys", "5000",
                                    "--nodes", "3", "--to", "100"):
            self.assertEqual(placement["moved_between_old"], 0)

    def test_place_hashes_keys_as_it_is_told(self):
        # Of key-0: MurmurHash3_x64_128's first half, and CRC-32C and XXH32 in both halves.
        for name, value in (("murmur3", 0xcaa56e2e1cfe5b91), ("crc32c", 0x7afcf8d27afcf8d2),
                            ("xxh32", 0x8143042f8143042f)):
            [placement] = self.place("--algorithm", "mod", "--keys", "1", "--nodes", "1000", "--hash", name)
            self.assertEqual(placement["counts"].index(1), value % 1000)
        self.assertIn("there are xxh64, xxh32, murmur3", self.call(
            "place", "--algorithm", "mod", "--nodes", "3", "--hash", "md5", code=2).stderr)

    def test_place_shows_shares_and_means_over_seeds(self):
        [placement] = self.place("--algorithm", "ring", "--nodes", "4", "--shares", "--seeds", "3")
        self.assertAlmostEqual(sum(placement["shares"]), 1)
        self.assertNotIn("counts", placement)
        self.assertIn("mean of 3 seeds", self.call("place", "--algorithm", "jump", "--nodes", "4", "--keys", "100",
                                                   "--seeds", "3").stdout)

    def test_of_all_algorithms_those_that_do_not_fit_are_left_out(self):
        done = self.call("place", "--algorithm", "all", "--keys", "500", "--nodes", "3",
                         "--weights", "1,2,3", "--json")
        names = {placement["algorithm"] for placement in json.loads(done.stdout)["placements"]}
        self.assertIn("rendezvous", names)
        self.assertNotIn("jump", names)
        self.assertIn("left out: jump knows no weights of nodes", done.stderr)
        shares = self.call("place", "--algorithm", "all", "--nodes", "3", "--shares")
        self.assertIn("left out: jump has no shares of the key space", shares.stderr)

    def test_place_names_what_does_not_fit(self):
        for arguments, words in (
                (("--algorithm", "rink", "--nodes", "3"), "did you mean ring?"),
                (("--algorithm", "ring", "--nodes", "0"), "--nodes: '0'"),
                (("--algorithm", "ring", "--nodes", "3", "--option", "vnode=2"), "did you mean vnodes?"),
                (("--algorithm", "ring", "--nodes", "3", "--option", "vnodes"), "NAME=VALUE"),
                (("--algorithm", "maglev", "--nodes", "3", "--option", "table=8"), "the next prime is 11"),
                (("--algorithm", "anchor", "--nodes", "3", "--to", "20", "--option", "capacity=12"),
                 "anchor: option capacity: 12 is below 20 nodes"),
                (("--algorithm", "jump", "--nodes", "3", "--weights", "1,2,3"), "knows no weights"),
                (("--algorithm", "ring", "--nodes", "3", "--weights", "1,2"), "2 weights for 3 nodes"),
                (("--algorithm", "jump", "--nodes", "3", "--shares"), "no shares"),
                (("--algorithm", "jump", "--nodes", "3", "--key-format", "key"), "exactly one %d")):
            with self.subTest(arguments=arguments):
                self.assertIn(words, self.call("place", *arguments, code=2).stderr)


if __name__ == "__main__":
    cli_testing.main()
