"""The orders, wherever they come from: no flow is in here."""

import csv
import pathlib
from dataclasses import dataclass
from decimal import Decimal

FILE = pathlib.Path(__file__).parents[2] / "data" / "orders.csv"


@dataclass
class Order:
    number: int
    customer: str
    amount: Decimal


def read_orders(path: pathlib.Path = FILE) -> list:
    with path.open(newline="") as file:
        return [Order(int(row["number"]), row["customer"], Decimal(row["amount"])) for row in csv.DictReader(file)]
