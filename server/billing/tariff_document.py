"""Tariff contents as JSON documents: how they are stored and hashed.

The document of a content is canonical: keys are sorted, decimals are texts without superfluous zeros, sets
are sorted, and what has its default is left out, so that a field added later does not change the hash of an
old content.
"""

import hashlib
import json
from datetime import date
from decimal import Decimal
from typing import Any

from server.billing.calendar import ALL_MONTHS, ALL_WEEKDAYS, MINUTES_A_DAY, Calendar, Rule
from server.billing.money import ONE, ZERO, Rounding, RoundingMode, TaxBase, text
from server.billing.tariff import (
    ChargePeriod,
    Component,
    Content,
    EnergyCharge,
    FixedCharge,
    Gate,
    Kind,
    PeriodRate,
    Proration,
    TaxCharge,
    Tier,
    TierLimit,
    TierMode,
    Version,
)

Document = dict[str, Any]


def canonical(document: object) -> bytes:
    """JSON with sorted keys and no blanks, UTF-8."""
    return json.dumps(document, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()


def sha256(document: object) -> str:
    """SHA-256 of the canonical JSON, lower-case hex."""
    return hashlib.sha256(canonical(document)).hexdigest()


def write(content: Content) -> Document:
    """The document of a content."""
    return {
        "components": [_component(component) for component in content.components],
        "rounding": _without(
            {
                "mode": content.rounding.mode.value,
                "decimals": content.rounding.decimals,
                "tax_base": content.rounding.tax_base.value,
            }
        ),
        "gate": _without(
            {
                "max_missing": _number(content.gate.max_missing, ZERO),
                "max_estimated": _number(content.gate.max_estimated, ONE),
            }
        ),
    }


def read(document: Document) -> Content:
    """The content of a document that :func:`write` made."""
    rounding, gate = document["rounding"], document["gate"]
    return Content(
        components=tuple(_read_component(one) for one in document["components"]),
        rounding=Rounding(
            RoundingMode(rounding["mode"]), int(rounding["decimals"]), TaxBase(rounding["tax_base"])
        ),
        gate=Gate(Decimal(gate.get("max_missing", "0")), Decimal(gate.get("max_estimated", "1"))),
    )


def version(effective_from: date | None, content: Content, used_until: date | None = None) -> Version:
    """A version with the hash of its content."""
    return Version(effective_from, content, sha256(write(content)), used_until)


def _without(document: Document) -> Document:
    """Without what is not set: None, empty text, empty list."""
    return {key: value for key, value in document.items() if value not in (None, "", [])}


def _number(value: Decimal, default: Decimal) -> str | None:
    return None if value == default else text(value)


def _component(component: Component) -> Document:
    kind = component.kind
    document: Document = {
        "code": component.code,
        "label": component.label,
        "proration": component.proration.value,
    }
    if isinstance(kind, FixedCharge):
        document["fixed"] = {"amount": text(kind.amount), "per": kind.per.value}
    elif isinstance(kind, EnergyCharge):
        document["energy"] = _energy(kind)
    else:
        document["tax"] = _without({"percent": text(kind.percent), "on": list(kind.on)})
    return _without(document)


def _energy(charge: EnergyCharge) -> Document:
    return _without(
        {
            "quantity": charge.quantity,
            "unit": charge.unit,
            "rates": [_rate(rate) for rate in charge.rates],
            "calendar": _calendar(charge.calendar) if charge.calendar is not None else None,
        }
    )


def _rate(rate: PeriodRate) -> Document:
    limit = None if rate.limit is TierLimit.PER_MONTH else rate.limit.value
    tiers = [_tier(tier) for tier in rate.tiers]
    return _without({"period": rate.period, "mode": rate.mode.value, "limit": limit, "tiers": tiers})


def _tier(tier: Tier) -> Document:
    return _without(
        {
            "rate": text(tier.rate),
            "upper": None if tier.upper is None else text(tier.upper),
            "flat": _number(tier.flat, ZERO),
            "adjustment": _number(tier.adjustment, ZERO),
        }
    )


def _calendar(calendar: Calendar) -> Document:
    return _without(
        {
            "default": calendar.default_period,
            "rules": [_rule(rule) for rule in calendar.rules],
            "holidays": sorted(day.isoformat() for day in calendar.holidays),
        }
    )


def _rule(rule: Rule) -> Document:
    return {
        "period": rule.period,
        "from": rule.from_minute,
        "to": rule.to_minute,
        **({} if rule.months == ALL_MONTHS else {"months": sorted(rule.months)}),
        **({} if rule.weekdays == ALL_WEEKDAYS else {"weekdays": sorted(rule.weekdays)}),
        **({} if rule.holidays else {"holidays": False}),
    }


def _read_component(document: Document) -> Component:
    return Component(
        code=document["code"],
        kind=_read_kind(document),
        label=document.get("label", ""),
        proration=Proration(document["proration"]),
    )


def _read_kind(document: Document) -> Kind:
    if "fixed" in document:
        return FixedCharge(Decimal(document["fixed"]["amount"]), ChargePeriod(document["fixed"]["per"]))
    if "tax" in document:
        return TaxCharge(Decimal(document["tax"]["percent"]), tuple(document["tax"].get("on", ())))
    energy = document["energy"]
    return EnergyCharge(
        quantity=energy["quantity"],
        unit=energy["unit"],
        rates=tuple(_read_rate(rate) for rate in energy["rates"]),
        calendar=_read_calendar(energy["calendar"]) if "calendar" in energy else None,
    )


def _read_rate(document: Document) -> PeriodRate:
    return PeriodRate(
        tiers=tuple(_read_tier(tier) for tier in document["tiers"]),
        period=document.get("period", ""),
        mode=TierMode(document["mode"]),
        limit=TierLimit(document.get("limit", TierLimit.PER_MONTH.value)),
    )


def _read_tier(document: Document) -> Tier:
    return Tier(
        rate=Decimal(document["rate"]),
        upper=Decimal(document["upper"]) if "upper" in document else None,
        flat=Decimal(document.get("flat", "0")),
        adjustment=Decimal(document.get("adjustment", "0")),
    )


def _read_calendar(document: Document) -> Calendar:
    return Calendar(
        default_period=document["default"],
        rules=tuple(_read_rule(rule) for rule in document.get("rules", ())),
        holidays=frozenset(date.fromisoformat(day) for day in document.get("holidays", ())),
    )


def _read_rule(document: Document) -> Rule:
    return Rule(
        period=document["period"],
        months=frozenset(document.get("months", ALL_MONTHS)),
        weekdays=frozenset(document.get("weekdays", ALL_WEEKDAYS)),
        holidays=document.get("holidays", True),
        from_minute=document["from"],
        to_minute=document.get("to", MINUTES_A_DAY),
    )
