"""Programs that a busy gRPC process starts: the server and the adapters start sandboxes for codecs."""

import subprocess
import sys

_BUSY = """
import asyncio
import stack.cli.main
import grpc, uvloop

async def main():
    server = grpc.aio.server()
    port = server.add_insecure_port("127.0.0.1:0")
    await server.start()

    async def call(channel):
        while True:
            try:
                await channel.unary_unary("/no/such")(b"", timeout=1)
            except grpc.aio.AioRpcError:
                pass

    channels = [grpc.aio.insecure_channel(f"127.0.0.1:{port}") for _ in range(10)]
    calls = [asyncio.create_task(call(channel)) for channel in channels]
    bad = 0
    for _ in range(150):
        started = await asyncio.create_subprocess_exec("/bin/true", start_new_session=True)
        bad += await started.wait() != 0
    for task in calls:
        task.cancel()
    await asyncio.gather(*calls, return_exceptions=True)
    for channel in channels:
        await channel.close()
    await server.stop(0)
    print(bad)

uvloop.run(main())
"""


def test_a_busy_server_starts_programs_that_do_not_crash() -> None:
    done = subprocess.run(
        [sys.executable, "-c", _BUSY], capture_output=True, text=True, timeout=120, check=False
    )
    assert (done.stdout, done.returncode) == ("0\n", 0), done.stderr[-2000:]
