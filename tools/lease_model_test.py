#!/usr/bin/env python3
"""The lease's protocol holds in the model, and every likelier-looking one does not."""

import unittest

from lease_model import check


class LeaseModel(unittest.TestCase):
    def test_the_design_lets_nobody_hold_it_twice(self):
        # Fewer ticks than the bounds of docs/architecture.md, so that CI has its answer within a minute;
        # the full ones are `lease_model.py --ticks 8 mixsettle` and `--ticks 7 dupmixsettleone`.
        for variant, ticks in (("mixsettle", 5), ("dupmixsettleone", 5)):
            with self.subTest(variant):
                states, _, way = check(2, ticks, variant)
                self.assertIsNone(way)
                self.assertGreater(states, 1_000)

    def test_each_broken_protocol_is_caught(self):
        for variant in ("mix", "mixsettlepatch", "mixsettledelname", "mixsettlenoverify"):
            with self.subTest(variant):
                _, _, way = check(2, 9, variant)
                self.assertIsNotNone(way)


if __name__ == "__main__":
    unittest.main()
