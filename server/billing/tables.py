"""Tables of billing. Migration 0007 makes them."""

from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql as pg

from server.platform.resource_store import external_id_table, resource_columns
from server.platform.sql import UUIDS
from server.platform.tables import tenant_table

_UUID = pg.UUID(as_uuid=True)
_TIME = sa.DateTime(timezone=True)


def _text(*names: str) -> list[sa.Column[Any]]:
    return [sa.Column(name, sa.Text, nullable=False) for name in names]


def _ids(*names: str) -> list[sa.Column[Any]]:
    return [sa.Column(name, _UUID, nullable=False) for name in names]


def _numbers(*names: str) -> list[sa.Column[Any]]:
    return [sa.Column(name, sa.Numeric, nullable=False) for name in names]


def _counts(*names: str) -> list[sa.Column[Any]]:
    return [sa.Column(name, sa.BigInteger, nullable=False) for name in names]


customer = tenant_table(
    "customer",
    *_ids("customer_id"),
    *_text("display_name", "email", "postal_address", "language"),
    *resource_columns(),
    sa.PrimaryKeyConstraint("tenant_id", "customer_id"),
)

account = tenant_table(
    "account",
    *_ids("account_id", "customer_id"),
    *_text("account_number", "currency"),
    *resource_columns(),
    sa.PrimaryKeyConstraint("tenant_id", "account_id"),
)

agreement = tenant_table(
    "agreement",
    *_ids("agreement_id", "account_id", "usage_point_id", "tariff_id"),
    sa.Column("start_date", sa.Date, nullable=False),
    sa.Column("end_date", sa.Date),
    *resource_columns(),
    sa.PrimaryKeyConstraint("tenant_id", "agreement_id"),
)
"""No two of a usage point overlap, archived ones aside: the exclusion constraint ``agreement_overlap``."""

external_id = external_id_table("billing_external_id")
"""Names that other systems have for customers, accounts, agreements and tariffs."""

counter = tenant_table(
    "billing_counter",
    *_text("name"),
    *_counts("next_value"),
    sa.PrimaryKeyConstraint("tenant_id", "name"),
)
"""Numbers without gaps: a row is locked from taking a number until the commit."""

tariff = tenant_table(
    "tariff",
    *_ids("tariff_id"),
    *_text("code", "display_name", "commodity", "currency", "time_zone"),
    *resource_columns(),
    sa.PrimaryKeyConstraint("tenant_id", "tariff_id"),
)

tariff_version = tenant_table(
    "tariff_version",
    *_ids("tariff_id", "version_id"),
    sa.Column("effective_from", sa.Date),
    sa.Column("content", pg.JSONB, nullable=False),
    *_text("content_sha256"),
    sa.Column("used_until", sa.Date),
    sa.PrimaryKeyConstraint("tenant_id", "tariff_id", "version_id"),
)
"""A version whose ``used_until`` is set is kept by a trigger as it is."""

issuer = tenant_table(
    "issuer",
    *_counts("version"),
    *_text("display_name", "postal_address", "tax_number", "contact", "payment_details", "number_prefix"),
    sa.Column("payment_days", sa.Integer, nullable=False),
    sa.Column("create_time", _TIME, nullable=False),
    sa.PrimaryKeyConstraint("tenant_id", "version"),
)
"""Every issuer that a tenant has had; the one with the largest version is in force. Append-only."""

billing_run = tenant_table(
    "billing_run",
    *_ids("billing_run_id"),
    sa.Column("period_start", sa.Date, nullable=False),
    sa.Column("period_end", sa.Date, nullable=False),
    sa.Column("account_ids", UUIDS, nullable=False),
    sa.Column("dry_run", sa.Boolean, nullable=False),
    sa.Column("as_of", _TIME),
    sa.Column("snapshot", sa.BigInteger),
    *_text("state", "error", "created_by"),
    sa.Column("shard_count", sa.Integer, nullable=False),
    sa.Column("create_time", _TIME, nullable=False),
    sa.Column("start_time", _TIME),
    sa.Column("end_time", _TIME),
    sa.PrimaryKeyConstraint("tenant_id", "billing_run_id"),
)

billing_shard = tenant_table(
    "billing_shard",
    *_ids("billing_run_id"),
    sa.Column("shard", sa.Integer, nullable=False),
    *_ids("first_account", "last_account"),
    sa.Column("finished", sa.Boolean, nullable=False),
    sa.Column("agreements", sa.Integer, nullable=False),
    sa.Column("invoices", sa.Integer, nullable=False),
    sa.Column("exceptions", sa.Integer, nullable=False),
    sa.Column("totals", pg.JSONB, nullable=False),
    sa.Column("end_time", _TIME),
    sa.PrimaryKeyConstraint("tenant_id", "billing_run_id", "shard"),
)
"""The parts of a run: the agreements of the accounts from the first to the last one, both inside."""

billing_exception = tenant_table(
    "billing_exception",
    *_ids("billing_run_id", "agreement_id", "account_id", "usage_point_id"),
    *_text("reason", "description"),
    sa.PrimaryKeyConstraint("tenant_id", "billing_run_id", "agreement_id"),
)

invoice = tenant_table(
    "invoice",
    *_ids("invoice_id"),
    sa.Column("number_series", sa.Text),
    sa.Column("number_value", sa.BigInteger),
    sa.Column("invoice_number", sa.Text),
    *_text("state", "run_kind"),
    *_ids("billing_run_id", "customer_id", "account_id", "agreement_id", "usage_point_id", "tariff_id"),
    sa.Column("period_start", sa.Date, nullable=False),
    sa.Column("period_end", sa.Date, nullable=False),
    *_text("time_zone", "currency"),
    *_numbers("net_amount", "tax_amount", "total_amount", "usage_quantity"),
    *_text("usage_unit"),
    *_counts("interval_count", "estimated_count", "missing_count"),
    sa.Column("snapshot", sa.BigInteger, nullable=False),
    sa.Column("inputs", pg.JSONB, nullable=False),
    *_text("inputs_sha256", "account_number", "customer_name", "postal_address", "language"),
    *_text("usage_point_code", "service_address", "tariff_code"),
    *_counts("issuer_version"),
    sa.Column("issue_time", _TIME, nullable=False),
    sa.Column("due_date", sa.Date),
    sa.PrimaryKeyConstraint("tenant_id", "invoice_id"),
)
"""Append-only. No day of an agreement is in two frozen ones: the exclusion constraint ``invoice_twice``."""

invoice_line = tenant_table(
    "invoice_line",
    *_ids("invoice_id"),
    sa.Column("position", sa.Integer, nullable=False),
    *_text("component_code", "label", "period"),
    sa.Column("tier", sa.Integer, nullable=False),
    sa.Column("day_start", sa.Date, nullable=False),
    sa.Column("day_end", sa.Date, nullable=False),
    *_numbers("quantity"),
    *_text("unit"),
    *_numbers("rate", "unrounded_amount", "amount"),
    sa.PrimaryKeyConstraint("tenant_id", "invoice_id", "position"),
)

invoice_tax = tenant_table(
    "invoice_tax",
    *_ids("invoice_id"),
    sa.Column("position", sa.Integer, nullable=False),
    *_text("component_code", "label"),
    *_numbers("percent", "base_amount", "amount"),
    sa.PrimaryKeyConstraint("tenant_id", "invoice_id", "position"),
)
