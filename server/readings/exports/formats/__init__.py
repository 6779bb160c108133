"""Formats, each a module."""

from server.readings.exports.formats.base import Format
from server.readings.exports.formats.cim import CimJson, CimXml
from server.readings.exports.formats.espi import Espi
from server.readings.exports.formats.nem12 import Nem12
from server.readings.exports.formats.plain import Json, Lines, Separated, Tabbed, Xml

STREAMED: dict[str, type[Format]] = {
    "CSV": Separated,
    "TXT": Tabbed,
    "JSON": Json,
    "NDJSON": Lines,
    "XML": Xml,
    "NEM12": Nem12,
    "ESPI": Espi,
    "CIM_XML": CimXml,
    "CIM_JSON": CimJson,
}
"""Formats that are written piece by piece; a workbook (XLSX) is written whole."""
