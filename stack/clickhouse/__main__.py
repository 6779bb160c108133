"""``python -m stack.clickhouse``: one server in the foreground.

The passwords come from the environment (`SIMBA_CLICKHOUSE_USERS`, a JSON object of names and passwords),
because a command line can be read by everybody on the machine.
"""

from __future__ import annotations

import argparse
import json
import logging
import os
import sys
from pathlib import Path

import uvloop

from kernel.telemetry.logs import configure_logs
from stack.clickhouse.engine import DirectoryInUseError
from stack.clickhouse.server import Options, serve


def main() -> None:
    """Reads the command line and serves; status 3 where another process owns the directory."""
    parser = argparse.ArgumentParser(prog="python -m stack.clickhouse", description=__doc__)
    parser.add_argument("--data", type=Path, required=True, help="the directory of the store")
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, default=8123)
    parser.add_argument("--log-file", type=Path, help="where the engine's own errors go")
    parser.add_argument(
        "--memory-limit", type=int, default=0, help="bytes for queries and caches; 0: ClickHouse's default"
    )
    given = parser.parse_args()
    configure_logs("INFO", "json")
    logging.getLogger("uvicorn").setLevel(logging.WARNING)
    users = json.loads(os.environ.pop("SIMBA_CLICKHOUSE_USERS", '{"default": ""}'))
    options = Options(given.data, given.host, given.port, users, given.log_file, given.memory_limit)
    try:
        uvloop.run(serve(options))
    except (DirectoryInUseError, OSError) as refused:
        sys.stderr.write(f"{refused}\n")
        sys.exit(3)


if __name__ == "__main__":
    main()
