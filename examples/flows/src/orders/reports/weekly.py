import collections
import os

from ..table import read_orders

try:
    from prefect import flow
except ImportError:  # see README.md: without Prefect, flows are plain functions

    def flow(function=None, **_):
        return function or (lambda inner: inner)


class WeeklyReport:
    """A flow may be a method, as long as nothing needs an object: @staticmethod or @classmethod."""

    @staticmethod
    @flow(name="weekly-report")
    def weekly_report(top: int = 3):
        """What was sold, by customer, the best first."""
        sums = collections.Counter()
        for order in read_orders():
            sums[order.customer] += order.amount
        for customer, amount in sums.most_common(top):
            print(f"{customer}: {amount} {os.environ.get('CURRENCY', '')}")
