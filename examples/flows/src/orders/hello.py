import os

try:
    from prefect import flow
except ImportError:  # see README.md: without Prefect, flows are plain functions

    def flow(function=None, **_):
        return function or (lambda inner: inner)


@flow
def hello_world(who: str = "world"):
    """Says hello: the smallest flow there is."""
    print(f"hello {who}, from {os.environ.get('SHOP_NAME', 'the shop')}")
    return who
