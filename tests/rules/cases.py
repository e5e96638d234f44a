"""The table of cases: every primitive that has a derivative, as plain functions."""

from tests.rules import cases_arrays, cases_elementwise, cases_products, cases_scalars
from tests.rules.case import CASES, Case

__all__ = ["CASES", "Case", "cases_arrays", "cases_elementwise", "cases_products", "cases_scalars"]
