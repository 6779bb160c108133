"""The stage of billing's tests."""

from tests.support.billing import biller, billing_stage, other_biller

__all__ = ["biller", "billing_stage", "other_biller"]
