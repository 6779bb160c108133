"""The pages of the edge itself: the OpenAPI document and what shows it, without the internet."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

from stack.edge.parts import FOLDER
from stack.edge.settings import EdgeError

STRICT = "default-src 'none'"
# Swagger UI styles its elements in place, and draws its icons from data: URLs.
DOCS = (
    "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; "
    "connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)


@dataclass(frozen=True, slots=True)
class Page:
    """One file and how it is given out."""

    path: str
    file: Path
    media_type: str
    policy: str
    caching: str = "no-cache"


def pages(openapi: Path) -> Iterator[Page]:
    """Every page; `EdgeError` names a file that is not there."""
    ours = FOLDER / "docs"
    theirs = _swagger_ui()
    yield _existing(Page("/openapi.json", openapi, "application/json", STRICT))
    for path in ("/docs", "/docs/"):
        yield _existing(Page(path, ours / "index.html", "text/html; charset=utf-8", DOCS))
    yield _existing(Page("/docs/docs.js", ours / "docs.js", "text/javascript; charset=utf-8", STRICT))
    yield _existing(Page("/docs/docs.css", ours / "docs.css", "text/css; charset=utf-8", STRICT))
    kept = "public, max-age=86400"
    script, style = theirs / "swagger-ui-bundle.js", theirs / "swagger-ui.css"
    yield _existing(Page("/docs/swagger-ui.js", script, "text/javascript; charset=utf-8", STRICT, kept))
    yield _existing(Page("/docs/swagger-ui.css", style, "text/css; charset=utf-8", STRICT, kept))


def _existing(page: Page) -> Page:
    if not page.file.is_file():
        raise EdgeError(f"the page {page.path} needs {page.file}, which is not there")
    return page


def _swagger_ui() -> Path:
    """The folder of Swagger UI's files. The wheel is not imported: that would want Flask."""
    spec = find_spec("flask_swagger_ui")
    if spec is None or not spec.submodule_search_locations:
        raise EdgeError("the docs page needs the package flask-swagger-ui, which is not installed")
    return Path(spec.submodule_search_locations[0]) / "dist"
