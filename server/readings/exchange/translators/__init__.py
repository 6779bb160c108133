"""Formats that are not rows of text, each made into rows."""

from server.readings.exchange.translators.base import Row, Translator
from server.readings.exchange.translators.markup import cim, espi
from server.readings.exchange.translators.nem12 import nem12
from server.readings.exchange.translators.objects import array, lines
from server.readings.exchange.translators.workbook import workbook

TRANSLATORS: dict[str, Translator] = {
    "JSON": array,
    "NDJSON": lines,
    "XLSX": workbook,
    "NEM12": nem12,
    "ESPI": espi,
    "CIM_XML": cim,
}
"""Format → what reads it; CSV and TXT are read as they are."""
OWN_NAMES = {"NEM12", "ESPI", "CIM_XML"}
"""Formats that name what they hold and when by themselves."""

__all__ = ["OWN_NAMES", "TRANSLATORS", "Row", "Translator"]
