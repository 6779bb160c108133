"""The documents that the edge gives out itself, and how they look in a browser without the internet."""

from __future__ import annotations

import asyncio
import json
import re
import shutil
from pathlib import Path

import httpx

from tests.e2e.edge.conftest import ROOT, Edge

BROWSER = next(filter(None, map(shutil.which, ("chromium", "google-chrome", "chrome"))), None)


async def test_the_document_is_the_committed_one_and_compressed(rest: httpx.AsyncClient) -> None:
    async with rest.stream("GET", "/openapi.json", headers={"accept-encoding": "br"}) as response:
        size = sum([len(part) async for part in response.aiter_raw()])
    assert response.headers["content-type"] == "application/json"
    assert response.headers["content-encoding"] == "br"
    text = (ROOT / "api" / "openapi" / "simba.json").read_text(encoding="utf-8")
    assert size < len(text) / 5
    assert (await rest.get("/openapi.json")).json() == json.loads(text)


async def test_the_page_needs_nothing_from_elsewhere_and_no_key(edge: Edge) -> None:
    async with httpx.AsyncClient(base_url=edge.url) as client:
        page = await client.get("/docs")
        assert page.status_code == 200
        assert page.headers["content-type"] == "text/html; charset=utf-8"
        assert "default-src 'none'" in page.headers["content-security-policy"]
        assert (await client.get("/docs/")).text == page.text
        named = re.findall(r'(?:src|href)="([^"]+)"', page.text)
        assert len(named) >= 5
        for path in named:
            if not path.startswith("data:"):
                assert path.startswith("/")
                assert (await client.get(path)).status_code == 200, path


if BROWSER:  # a machine with nothing but Python has none, and must not need one

    async def test_a_browser_shows_every_service(edge: Edge, tmp_path: Path) -> None:
        """Chromium must draw the page; whatever it says on its console is a failure."""
        arguments = [
            *("--headless", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--no-first-run"),
            *("--enable-logging=stderr", "--v=0", "--virtual-time-budget=15000", "--window-size=1280,1600"),
            *(f"--user-data-dir={tmp_path}", f"--screenshot={tmp_path / 'docs.png'}", "--dump-dom"),
        ]
        pipe = asyncio.subprocess.PIPE
        url = f"{edge.url}/docs"
        process = await asyncio.create_subprocess_exec(BROWSER, *arguments, url, stdout=pipe, stderr=pipe)
        output, errors = (text.decode() for text in await asyncio.wait_for(process.communicate(), 90))
        document = json.loads((ROOT / "api" / "openapi" / "simba.json").read_text(encoding="utf-8"))
        for tag in document["tags"]:
            assert f'data-tag="{tag["name"]}"' in output, tag["name"]
        complaints = [line for line in errors.splitlines() if "CONSOLE" in line]
        assert not complaints
        assert (tmp_path / "docs.png").stat().st_size > 20_000
