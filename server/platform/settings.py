"""Settings: environment variables with the prefix ``SIMBA_``, read once in ``server.main``."""

import hashlib
from functools import cached_property
from pathlib import Path
from typing import Annotated

from pydantic import BeforeValidator, Field, SecretStr
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict


def _split(given: object) -> object:
    """Names separated by commas, as an environment variable has them."""
    return (
        tuple(name.strip() for name in given.split(",") if name.strip()) if isinstance(given, str) else given
    )


def _pairs(given: object) -> object:
    """``name=value`` separated by commas, as an environment variable has them."""
    if not isinstance(given, str):
        return given
    parts = (part.partition("=") for part in given.split(",") if part.strip())
    return {name.strip(): value.strip() for name, _, value in parts}


Names = Annotated[tuple[str, ...], NoDecode, BeforeValidator(_split)]
Pairs = Annotated[dict[str, str], NoDecode, BeforeValidator(_pairs)]


class Settings(BaseSettings):
    """Everything that differs between a laptop and a data centre."""

    model_config = SettingsConfigDict(
        env_prefix="SIMBA_", env_ignore_empty=True, extra="ignore", use_attribute_docstrings=True
    )

    postgres_dsn: str = "postgresql://simba@127.0.0.1:5432/simba"
    """PostgreSQL, a libpq URL. The login must be a member of the roles simba_app and simba_system, or able
    to create them (the migrations do)."""
    postgres_pool: int = Field(default=12, ge=2)
    """Connections that one process keeps at most."""
    clickhouse_url: str = "http://default:@127.0.0.1:8123/simba"
    """ClickHouse over HTTP: ``http://user:password@host:port/database``."""
    clickhouse_cluster: str = ""
    """Name of the ClickHouse cluster to render the schema for; empty for one node."""
    clickhouse_storage_policy: str = ""
    """Storage policy of the tables with many rows, whose first volume is the one that they are on now
    (``default``); empty: that of the engine. ``simba migrate`` sets it."""
    clickhouse_cold_volume: str = "cold"
    """The volume of the storage policy that old partitions move to."""
    clickhouse_cold_after_days: int = Field(default=0, ge=0)
    """After how many days rows move there, whoever they are of; 0: when retention policies say so."""
    clickhouse_threads: int = Field(default=8, ge=1)
    """Queries and inserts that one process runs at once; more wait."""
    redis_url: str = "redis://127.0.0.1:6379/0"
    """Valkey or Redis: the command bus and the live fan-out."""

    grpc_listen: str = "127.0.0.1:50051"
    """Address of the gRPC server; port 0 takes a free one."""
    grpc_reuse_port: bool = False
    """Lets several server processes share the port (SO_REUSEPORT)."""
    grpc_tls_listen: str = ""
    """Address of a second gRPC listener with TLS, for example ``0.0.0.0:50052``; empty: none."""
    grpc_tls_certificate: Path | None = None
    """Its certificate and what leads up to the authority, PEM. Replaced files are taken up by themselves."""
    grpc_tls_key: Path | None = None
    """The private key of the certificate, PEM."""
    grpc_tls_client_ca: Path | None = None
    """Authorities of client certificates, PEM. With it every client must have one, whose name says who it is
    (``certificate_identity`` of a principal); without it clients show keys or tokens."""
    grpc_max_receive_bytes: int = 64 * 1024 * 1024
    """Largest message that is taken: a reading block of some million rows. Everything else is far smaller."""
    grpc_max_send_bytes: int = 64 * 1024 * 1024
    """Largest message that is sent: a page of readings, an invoice as PDF."""
    max_calls: int = Field(default=1000, ge=1)
    """Unary calls that one server works on at once; more are refused at once, with a delay to come again."""
    max_streams: int = Field(default=5000, ge=1)
    """Open streams of one server; more are refused."""
    drain_seconds: float = 10.0
    """How long running calls and jobs may take after SIGTERM before they are cut off."""
    default_deadline_seconds: float = 60.0
    """Deadline of a unary call whose caller gave none."""
    statement_timeout_seconds: float = 120.0
    """Longest single PostgreSQL statement; a call's deadline shortens it."""
    idle_transaction_seconds: float = 120.0
    """After this long PostgreSQL ends a transaction whose owner has fallen silent."""

    otlp_endpoint: str = ""
    """OTLP/gRPC endpoint for traces, metrics and logs, for example ``http://127.0.0.1:4317``; empty: none."""
    log_level: str = "INFO"
    """Least severe level that is logged."""
    log_format: str = Field(default="json", pattern="^(json|text)$")
    """``json``: one object a line, for machines; ``text`` for people."""
    instance_id: str = ""
    """Name of this process in traces, logs and consumer groups; empty: host and process id."""

    page_token_secret: SecretStr = SecretStr("")
    """Key that signs page and resume tokens; the same in every server. Empty: derived from the PostgreSQL
    DSN, which all servers of one installation share."""
    key_cache_seconds: float = Field(default=2.0, ge=0, le=30)
    """How long a verified API key is believed without asking the database: how late a revocation may bite."""
    request_log_days: int = Field(default=7, ge=1)
    """How long the answers of calls with a request_id are kept for repeats."""
    event_log_hours: float = Field(default=48.0, gt=0)
    """How long PostgreSQL keeps events that ClickHouse has as well; subscribers notice nothing of it."""

    secrets_key: SecretStr = SecretStr("")
    """Key that seals secrets of devices: 32 random bytes as base64 or hex. Several, divided by commas: the
    first seals, all open. The same in every server and worker; empty: no keys of devices can be kept."""
    secrets_key_file: Path | None = None
    """File that holds them, instead of ``secrets_key``."""
    provisioning_lease_seconds: float = Field(default=30.0, gt=0)
    """How long an adapter that provisions a device may say nothing before adapters are told again."""
    reconciliation_hours: float = Field(default=24.0, ge=0)
    """How often what network servers know is compared with the inventory and repaired; 0: only when asked."""

    one_tenant: bool = False
    """Whether the installation is for one tenant, on its own premises: no other can be made, and tokens need
    not name it."""
    stream_check_seconds: float = Field(default=2.0, gt=0)
    """How often it is looked whether the caller of an open stream still may; beside ``key_cache_seconds``
    how late a lost right ends a stream."""

    oidc_issuer: str = ""
    """Issuer of the bearer tokens that are accepted beside API keys; empty: no tokens."""
    oidc_jwks_url: str = ""
    """Where the issuer's keys are; empty: found by ``<issuer>/.well-known/openid-configuration``."""
    oidc_jwks_file: Path | None = None
    """The issuer's keys as a file, for installations without a way to the issuer."""
    oidc_audience: str = "simba"
    """Audience that a token must name."""
    oidc_tenant_claim: str = "simba_tenant"
    """Claim that holds the tenant: its id or its code."""
    oidc_roles_claim: str = "simba_roles"
    """Claim that holds the roles, a list or a text with blanks; dots reach into objects."""
    oidc_name_claim: str = "name"
    """Claim that holds the name for people; without it ``preferred_username``, then the subject."""
    oidc_scope_claim: str = "simba_scope"
    """Claim that limits the rights: ``{"node_ids": […], "usage_point_ids": […]}``, or ``node:<id>`` and
    ``usage_point:<id>`` as a list or a text with blanks. A token without it is about the whole tenant."""
    oidc_role_map: Pairs = {}
    """The issuer's own names of roles: ``grid-ops=operator,finance=billing``; others are then no roles.
    Empty: the claim holds codes of roles."""
    oidc_algorithms: Names = ("RS256", "ES256", "EdDSA")
    """Signature algorithms that are accepted."""
    oidc_leeway_seconds: float = 30.0
    """How far the issuer's clock may differ from ours."""

    retention_hours: float = Field(default=24.0, ge=0)
    """How often retention policies are enforced; 0: only when somebody asks for a run."""
    retention_load: float = Field(default=0.5, gt=0, le=1)
    """Share of its time that retention may keep ClickHouse busy with deleting; it rests between steps."""

    operation_log_days: int = Field(default=400, ge=1)
    """How long the log of operations keeps a call."""
    operation_log_buffer: int = Field(default=50_000, ge=1)
    """Calls that one server keeps in memory while ClickHouse is away; more are counted and lost."""

    dead_readings: int = Field(default=5_000_000, ge=0)
    """Readings of unknown channels that are kept of one tenant at most; what comes beyond is refused and not
    kept."""

    worker_concurrency: int = Field(default=4, ge=1)
    """Jobs that one worker runs at once."""
    worker_queues: Names = ()
    """Queues that this worker takes jobs from; empty: all that it knows."""
    relay_poll_seconds: float = Field(default=1.0, gt=0)
    """How often the outbox is looked at when no notification comes."""
    job_stalled_seconds: float = Field(default=15.0, gt=0)
    """A job whose worker gave no sign of life for this long is taken again."""

    @cached_property
    def secrets_keys(self) -> str:
        """The text of ``secrets_key``, or of its file. Raises OSError when that cannot be read."""
        if self.secrets_key_file is not None:
            return self.secrets_key_file.read_text(encoding="utf-8")
        return self.secrets_key.get_secret_value()

    @cached_property
    def token_secret(self) -> bytes:
        """The key for page and resume tokens."""
        secret = self.page_token_secret.get_secret_value()
        return hashlib.sha256(b"simba page tokens\0" + (secret or self.postgres_dsn).encode()).digest()
