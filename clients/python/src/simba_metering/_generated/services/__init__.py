"""Thin services. Generated from the contract; do not edit."""

# ruff: noqa
from __future__ import annotations
