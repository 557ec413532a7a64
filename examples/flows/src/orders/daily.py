from typing import Optional

from .table import read_orders

try:
    from prefect import flow
except ImportError:  # see README.md: without Prefect, flows are plain functions

    def flow(function=None, **_):
        return function or (lambda inner: inner)


@flow(name="import-orders")
def import_orders(limit: int = 100, customer: Optional[str] = None):
    """Imports the day's orders, of one customer or of all."""
    orders = [order for order in read_orders() if customer in (None, order.customer)][:limit]
    for order in orders:
        print(f"order {order.number}: {order.customer} {order.amount}")
    print(f"imported {len(orders)} orders")
    return len(orders)
