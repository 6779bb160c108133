"""What the docs' snippets need of curl, for machines that have none: -s -S -N -H -d -X -o URL."""

import argparse
import sys
import urllib.error
import urllib.request
from pathlib import Path


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("url")
    parser.add_argument("-s", action="store_true")
    parser.add_argument("-S", action="store_true")
    parser.add_argument("-N", action="store_true")
    parser.add_argument("-H", action="append", default=[])
    parser.add_argument("-d")
    parser.add_argument("-X")
    parser.add_argument("-o")
    given = parser.parse_args()
    headers = dict(header.split(": ", 1) for header in given.H)
    body = given.d.encode() if given.d is not None else None
    request = urllib.request.Request(given.url, body, headers, method=given.X)  # noqa: S310
    output = Path(given.o).open("wb") if given.o else sys.stdout.buffer  # noqa: SIM115
    try:
        answer = urllib.request.urlopen(request)  # noqa: S310
    except urllib.error.HTTPError as refusal:
        answer = refusal
    with answer, output:
        while part := answer.read1(65536):
            output.write(part)
            output.flush()


main()
