from .table import read_orders

try:
    from prefect import flow
except ImportError:  # see README.md: without Prefect, flows are plain functions

    def flow(function=None, **_):
        return function or (lambda inner: inner)


@flow
def check_orders(strict: bool = False):
    """Looks for orders that cannot be right; with strict, finding one is a failure."""
    wrong = [order for order in read_orders() if order.amount <= 0]
    for order in wrong:
        print(f"order {order.number} is for {order.amount}")
    if wrong and strict:
        raise ValueError(f"{len(wrong)} of the orders cannot be right")
