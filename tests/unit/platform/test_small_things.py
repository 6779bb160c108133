"""Ids, etags, settings, retries, deadlines, rendering."""

import time
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kernel.telemetry.context import attached, extract, inject
from server.migrations.render import BadPlaceholder, render, statements
from server.platform.deadline import check_deadline, deadline_in, remaining_seconds
from server.platform.errors import DeadlineExceeded, EtagMismatch, InvalidArgument
from server.platform.etags import check_etag, etag_of
from server.platform.ids import new_id, parse_id
from server.platform.jobs import Retry
from server.platform.settings import Settings


def test_ids_are_version_7_and_sort_by_time():
    made = [new_id() for _ in range(1000)]
    assert {each.version for each in made} == {7}
    assert {each.variant for each in made} == {"specified in RFC 4122"}
    assert len(set(made)) == 1000
    first = new_id()
    time.sleep(0.002)
    assert first < new_id()
    assert abs((first.int >> 80) / 1000 - time.time()) < 5


def test_a_bad_id_names_its_field():
    with pytest.raises(InvalidArgument) as caught:
        parse_id("meter_id", "x")
    assert caught.value.violations[0].field == "meter_id"
    assert "'x'" in caught.value.violations[0].description
    assert parse_id("meter_id", str(given_id := new_id())) == given_id


@given(st.integers(0, 2**62))
def test_etags(version):
    check_etag("", version)
    check_etag(etag_of(version), version)
    with pytest.raises(EtagMismatch):
        check_etag(etag_of(version + 1), version)


def test_settings_come_from_the_environment(monkeypatch):
    monkeypatch.setenv("SIMBA_POSTGRES_DSN", "postgresql://a/b")
    monkeypatch.setenv("SIMBA_WORKER_QUEUES", "vee,billing")
    monkeypatch.setenv("SIMBA_OIDC_ALGORITHMS", "RS256")
    monkeypatch.setenv("SIMBA_OTLP_ENDPOINT", "")
    settings = Settings()
    assert settings.postgres_dsn == "postgresql://a/b"
    assert settings.worker_queues == ("vee", "billing")
    assert settings.oidc_algorithms == ("RS256",)
    assert settings.otlp_endpoint == ""


def test_every_setting_is_explained():
    assert [name for name, field in Settings.model_fields.items() if not field.description] == []


def test_token_secrets_are_shared_by_servers_of_one_installation():
    one, two = Settings(postgres_dsn="postgresql://a"), Settings(postgres_dsn="postgresql://a")
    assert one.token_secret == two.token_secret
    assert one.token_secret != Settings(postgres_dsn="postgresql://b").token_secret
    assert one.token_secret != Settings(postgres_dsn="postgresql://a", page_token_secret="s").token_secret


def test_retries_double_up_to_a_limit():
    retry = Retry(attempts=20, first_wait=timedelta(seconds=1), longest_wait=timedelta(seconds=30))
    assert [retry.wait(n).total_seconds() for n in (0, 1, 4, 5, 1000)] == [1, 2, 16, 30, 30]


def test_deadlines():
    assert remaining_seconds() is None
    check_deadline()
    with deadline_in(10):
        assert 9 < (remaining_seconds() or 0) <= 10
        check_deadline(1)
        with pytest.raises(DeadlineExceeded):
            check_deadline(11)
        with deadline_in(None):
            assert remaining_seconds() is None
    assert remaining_seconds() is None


def test_trace_context_goes_round():
    parent = {"traceparent": "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01", "tracestate": "a=b"}
    assert inject() == {}
    with attached(parent):
        assert inject() == parent
    assert inject() == {}
    with attached({"traceparent": "damaged"}):
        assert inject() == {}
    assert not extract({})


SCHEMA = """\
-- a comment; with a semicolon;
CREATE TABLE IF NOT EXISTS {local:raw} {on_cluster} (x UInt8, y String DEFAULT ';')
ENGINE = {engine:ReplacingMergeTree(version)} ORDER BY x SETTINGS {dedup_window:100};

{distributed:raw:sipHash64(x)};
"""


def test_clickhouse_schema_for_one_node():
    (only,) = statements(render(SCHEMA))
    assert only == (
        "CREATE TABLE IF NOT EXISTS raw  (x UInt8, y String DEFAULT ';')\n"
        "ENGINE = ReplacingMergeTree(version) ORDER BY x SETTINGS non_replicated_deduplication_window = 100"
    )


def test_clickhouse_schema_for_a_cluster():
    table, distributed = statements(render(SCHEMA, "metering"))
    assert "raw_local ON CLUSTER 'metering'" in table
    path = "'/clickhouse/tables/{shard}/{database}/{table}', '{replica}'"
    assert f"ReplicatedReplacingMergeTree({path}, version)" in table
    assert "SETTINGS replicated_deduplication_window = 100" in table
    assert distributed == (
        "CREATE TABLE IF NOT EXISTS raw ON CLUSTER 'metering' AS raw_local"
        " ENGINE = Distributed('metering', currentDatabase(), raw_local, sipHash64(x))"
    )
    assert render("{engine:MergeTree}", "c") == f"ReplicatedMergeTree({path})"


def test_a_placeholder_without_its_argument():
    with pytest.raises(BadPlaceholder):
        render("{engine}")
