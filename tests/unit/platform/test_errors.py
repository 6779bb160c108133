"""Errors on the wire, and their place in the contract."""

import importlib
import pkgutil
from datetime import timedelta

import grpc
import psycopg
import pytest
import redis.exceptions
import sqlalchemy.exc
from google.rpc import error_details_pb2
from hypothesis import given
from hypothesis import strategies as st

import server
from server.platform.engine_errors import ConcurrentChange, translate
from server.platform.errors import (
    DeadlineExceeded,
    EtagMismatch,
    FieldViolation,
    InvalidArgument,
    InvalidField,
    ResourceExhausted,
    SimbaError,
    Unavailable,
)
from server.platform.rpc.error_status import to_status
from simba.common.v1 import error_reason_pb2

texts = st.text(max_size=2000)


@given(
    texts,
    st.lists(st.tuples(texts, texts, texts), max_size=60),
    st.dictionaries(st.text(max_size=20), texts, max_size=3),
)
def test_every_status_fits_into_headers_and_has_one_error_info(message, violations, metadata):
    error = InvalidArgument(message, violations=[FieldViolation(*each) for each in violations])
    error.metadata.update(metadata)
    status = to_status(error)
    assert status.ByteSize() <= 6000
    infos = [each for each in status.details if each.Is(error_details_pb2.ErrorInfo.DESCRIPTOR)]
    assert len(infos) == 1


def test_a_status_says_it_all():
    error = ResourceExhausted(
        "busy", violations=[FieldViolation("a.b[0]", "no", "x.y")], retry_after=timedelta(seconds=2), queue=7
    )
    status = to_status(error)
    assert (status.code, status.message) == (8, "busy")
    info, bad, retry = (
        error_details_pb2.ErrorInfo(),
        error_details_pb2.BadRequest(),
        error_details_pb2.RetryInfo(),
    )
    assert status.details[0].Unpack(info)
    assert status.details[1].Unpack(bad)
    assert status.details[2].Unpack(retry)
    assert (info.reason, info.domain, dict(info.metadata)) == ("OVERLOADED", "simba", {"queue": "7"})
    assert (bad.field_violations[0].field, bad.field_violations[0].reason) == ("a.b[0]", "X_Y")
    assert retry.retry_delay.seconds == 2


def test_one_field():
    error = InvalidField("meter.serial", "'' is empty", "string.min_len")
    assert str(error) == "meter.serial: '' is empty"
    assert error.violations == (FieldViolation("meter.serial", "'' is empty", "string.min_len"),)


def test_a_stale_etag_is_a_race():
    error = EtagMismatch('"1"', '"2"')
    assert (error.code, error.metadata) == (grpc.StatusCode.ABORTED, {"given": '"1"', "current": '"2"'})


def _of_psycopg(kind: type[psycopg.Error], *, invalidated: bool = False) -> sqlalchemy.exc.DBAPIError:
    return sqlalchemy.exc.DBAPIError("SELECT 1", {}, kind("x"), connection_invalidated=invalidated)


@pytest.mark.parametrize(
    ("error", "expected"),
    [
        (_of_psycopg(psycopg.OperationalError, invalidated=True), Unavailable),
        (_of_psycopg(psycopg.errors.AdminShutdown), Unavailable),
        (_of_psycopg(psycopg.errors.CannotConnectNow), Unavailable),
        (_of_psycopg(psycopg.errors.DeadlockDetected), ConcurrentChange),
        (_of_psycopg(psycopg.errors.SerializationFailure), ConcurrentChange),
        (_of_psycopg(psycopg.errors.QueryCanceled), DeadlineExceeded),
        (_of_psycopg(psycopg.errors.DiskFull), ResourceExhausted),
        (psycopg.errors.TooManyConnections("x"), ResourceExhausted),
        (sqlalchemy.exc.TimeoutError(), ResourceExhausted),
        (redis.exceptions.ConnectionError(), Unavailable),
        (_of_psycopg(psycopg.DataError), None),
        (_of_psycopg(psycopg.errors.UniqueViolation), None),
        (KeyError(), None),
    ],
)
def test_what_an_engines_error_means_to_the_caller(error, expected):
    told = translate(error)
    assert type(told) is (expected or type(None))


def _all_errors(kind: type[SimbaError] = SimbaError) -> set[type[SimbaError]]:
    found = {kind}
    for below in kind.__subclasses__():
        found |= _all_errors(below)
    return found


def test_every_reason_is_in_the_contract():
    for module in pkgutil.walk_packages(server.__path__, "server."):
        if ".migrations.postgres" not in module.name:
            importlib.import_module(module.name)
    known = {name.removeprefix("ERROR_REASON_") for name in error_reason_pb2.ErrorReason.keys()}  # noqa: SIM118
    unknown = {
        f"{kind.__module__}.{kind.__name__}": kind.reason
        for kind in _all_errors()
        if kind.reason not in known
    }
    assert unknown == {}
