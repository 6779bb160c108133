"""Findings of validation on the wire."""

from server.readings.domain import MICRO, decimal_text
from server.readings.vee.corrections import Finding
from server.readings.vee.versions import stored_time
from simba.readings.v1 import vee_service_pb2 as pb


def finding_message(finding: Finding, unit: str) -> pb.VeeException:
    """The message of a finding; ``unit`` is the series'."""
    message = pb.VeeException(
        series=finding.series,
        usage_point_id=str(finding.usage_point_id),
        rule=finding.rule,
        severity=pb.VeeSeverity.ValueType(finding.severity),
        description=described(finding, unit),
        run_id=str(finding.run_id),
        interval_count=finding.cells,
    )
    message.period.start.FromMilliseconds(finding.first)
    message.period.end.FromMilliseconds(finding.until)
    message.create_time.FromDatetime(stored_time(finding.version))
    return message


def described(finding: Finding, unit: str) -> str:
    """A finding in words, with value and threshold."""
    count = f"{finding.cells} interval{'s' if finding.cells != 1 else ''}"
    observed, bound = f"{decimal_text(finding.observed)} {unit}".strip(), decimal_text(finding.bound)
    number = finding.observed // MICRO
    words = {
        "V03": f"{number} readings do not lie on the grid of the series; left out",
        "V05": f"{number} readings came more than once in {count}; kept once",
        "V06": f"{count} without a reading",
        "V07": f"the device marked {count} as wrong or its clock as invalid",
        "V08": f"{observed} is less than 0 (the worst of {count})",
        "V09": f"the register rolled over; {observed} were counted across it",
        "V10": f"{observed} in {count} do not agree with the registers, which say {bound}",
        "V11": f"{observed} stands out from its day; up to {bound} would pass",
        "V13": f"{observed} is more than the {bound} that can be (the worst of {count})",
        "V17": f"{number} intervals came again with another value; the later one counts",
    }
    return words.get(finding.rule, f"{finding.rule} in {count}")
