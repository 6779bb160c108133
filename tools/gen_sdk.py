"""Write what the Python SDK takes from the contract: its messages and its thin services.

    python tools/gen_sdk.py            write clients/python/src/simba_metering/_generated
    python tools/gen_sdk.py --root D   read D/api/gen/simba.binpb, write below D

Messages come from betterproto2's compiler, services from `sdk_services`. The same contract gives the same
bytes.
"""

from __future__ import annotations

import argparse
import shutil
import subprocess
import sys
from pathlib import Path

from tools import sdk_messages, sdk_services
from tools.contract import Contract

ROOT = Path(__file__).resolve().parent.parent
PACKAGE = Path("clients/python/src/simba_metering/_generated")


def main() -> int:
    """Write."""
    raw = argparse.RawDescriptionHelpFormatter
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=raw)
    parser.add_argument("--root", type=Path, default=ROOT, help="the project, or a copy laid out like it")
    root: Path = parser.parse_args().root
    descriptor_set = (root / "api" / "gen" / "simba.binpb").read_bytes()
    services = sdk_services.modules(Contract(descriptor_set))
    files = {**sdk_messages.modules(descriptor_set), **services}
    target = root / PACKAGE
    if target.exists():
        shutil.rmtree(target)
    for name, text in files.items():
        file = target / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8")
    ruff = Path(sys.executable).parent / "ruff"
    subprocess.run([ruff, "format", "--quiet", "--isolated", "--line-length", "110", target], check=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
