"""Lint the contract with buf, and hold it against the last released one.

    python tools/lint_proto.py               buf lint and buf breaking
    python tools/lint_proto.py --baseline    take today's contract as the released one

buf reads images made by protoc here, not the source tree, so that it needs neither the network nor
copies of other people's protos: their files are marked as imports, which buf does not judge.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
import tempfile
from pathlib import Path

from google.protobuf import descriptor_pb2

ROOT = Path(__file__).resolve().parent.parent
CURRENT = ROOT / "api" / "gen" / "simba.binpb"
BASELINE = ROOT / "api" / "baseline.binpb"
BUF = Path(sys.executable).parent / "buf"
# buf.alpha.image.v1.ImageFile.buf_extension (8042) { is_import (1): true }
IS_IMPORT = b"\xd2\xf6\x03\x02\x08\x01"


def image(descriptor_set: Path, target: Path) -> Path:
    """Write the descriptor set as a buf image in which only files of ours are targets."""
    files = descriptor_pb2.FileDescriptorSet.FromString(descriptor_set.read_bytes())
    for file in files.file:
        if not file.name.startswith("simba/"):
            file.MergeFromString(IS_IMPORT)
    target.write_bytes(files.SerializeToString())
    return target


def main() -> int:
    """Run buf; the exit code is the worse of both runs."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--baseline", action="store_true", help="take today's contract as the released one")
    if parser.parse_args().baseline:
        BASELINE.write_bytes(CURRENT.read_bytes())
        return 0
    with tempfile.TemporaryDirectory() as scratch:
        now = image(CURRENT, Path(scratch) / "now.binpb")
        before = image(BASELINE, Path(scratch) / "before.binpb")
        lint = subprocess.run([BUF, "lint", now], cwd=ROOT, check=False).returncode
        breaking = subprocess.run(
            [BUF, "breaking", now, "--against", before], cwd=ROOT, check=False
        ).returncode
    return max(lint, breaking)


if __name__ == "__main__":
    sys.exit(main())
