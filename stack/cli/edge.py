"""`simba edge`: the configuration of a production edge."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Annotated

import typer

edge = typer.Typer(
    help="Write the configuration of Envoy, the REST edge, for running it elsewhere.",
    no_args_is_help=True,
    rich_markup_mode="markdown",
)
_API = Path(__file__).parent.parent.parent / "api"


@edge.callback()
def _group() -> None:
    pass


@edge.command()
def render(
    upstream: Annotated[
        list[str], typer.Option(help="gRPC address of a server, host:port; repeat for more.")
    ],
    http: Annotated[
        str, typer.Option(help="Where plain HTTP is heard, host:port, or `none`.")
    ] = "0.0.0.0:8080",
    https: Annotated[str, typer.Option(help="Where TLS is heard, host:port, or `none`.")] = "none",
    certificate: Annotated[Path | None, typer.Option(help="PEM file of the certificate chain.")] = None,
    key: Annotated[Path | None, typer.Option(help="PEM file of its private key.")] = None,
    admin: Annotated[
        str, typer.Option(help="Envoy's admin page and metrics, host:port, or `none`.")
    ] = "127.0.0.1:9901",
    upstream_ca: Annotated[Path | None, typer.Option(help="CA of the servers, if they speak TLS.")] = None,
    otlp: Annotated[str | None, typer.Option(help="OTLP/gRPC endpoint for traces, http://host:4317.")] = None,
    cors: Annotated[
        list[str] | None, typer.Option(help="Origin of browsers that may call; repeat for more.")
    ] = None,
    per_second: Annotated[int, typer.Option(help="Calls a second for each credential; 0: no limit.")] = 0,
    trusted_hops: Annotated[
        int, typer.Option(help="Proxies in front whose X-Forwarded-For is believed.")
    ] = 0,
    descriptor_set: Annotated[Path, typer.Option(help="The contract.")] = _API / "gen" / "simba.binpb",
    openapi: Annotated[Path, typer.Option(help="The OpenAPI document.")] = _API / "openapi" / "simba.json",
    output: Annotated[Path | None, typer.Option(help="File to write; standard output without it.")] = None,
    self_contained: Annotated[
        bool,
        typer.Option(help="Put the contract and the docs into the configuration; certificates stay files."),
    ] = True,
) -> None:
    """Write a bootstrap for `envoy -c`.

    The same as `simba up` uses, for any number of servers. Try it with `envoy --mode validate -c FILE`.
    """
    from stack.edge import Address, EdgeError, EdgeSettings, RateLimit, Tls, render, write

    def address(text: str) -> Address | None:
        return None if text == "none" else Address.parse(text)

    try:
        if (certificate is None) != (key is None):
            raise EdgeError("--certificate and --key belong together")
        settings = EdgeSettings(
            descriptor_set=descriptor_set,
            upstreams=[Address.parse(text) for text in upstream],
            http=address(http),
            https=address(https),
            tls=Tls(certificate, key) if certificate and key else None,
            admin=address(admin),
            upstream_ca=upstream_ca,
            otlp=otlp,
            cors_origins=tuple(cors or ()),
            openapi=openapi,
            trusted_hops=trusted_hops,
            caller_rate_limit=RateLimit(per_second, per_second * 2) if per_second else None,
            self_contained=self_contained,
        )
        if output is None:
            json.dump(render(settings), sys.stdout, indent=1)
            sys.stdout.write("\n")
        else:
            write(settings, output)
    except EdgeError as error:
        typer.echo(f"simba edge render: {error}", err=True)
        raise typer.Exit(2) from error
