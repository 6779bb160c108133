"""Page tokens."""

from datetime import UTC, date, datetime
from decimal import Decimal
from uuid import UUID, uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from server.platform.errors import InvalidArgument, PageTokenMismatch
from server.platform.paging import Pages
from simba.access.v1.principal_service_pb2 import ListApiKeysRequest

PAGES = Pages(b"secret")
parts = st.one_of(
    st.text(),
    st.integers(),
    st.booleans(),
    st.none(),
    st.uuids(),
    st.dates(),
    st.datetimes(timezones=st.just(UTC)),
    st.decimals(allow_nan=False, allow_infinity=False),
)


@given(st.lists(parts, max_size=5).map(tuple), st.text())
def test_what_goes_in_comes_out(key, query):
    token = PAGES.encode(key, bound_to=query)
    got = PAGES.decode(token, bound_to=query)
    assert got == key
    assert [type(part) for part in got] == [type(part) for part in key]


@given(st.integers(0, 10_000), st.integers(1, 255))
def test_a_changed_token_is_refused(position, change):
    token = bytearray(PAGES.encode((uuid4(), "x"), bound_to="q").encode())
    position %= len(token)
    token[position] ^= change
    try:
        text = token.decode()
    except UnicodeDecodeError:
        return
    try:
        got = PAGES.decode(text, bound_to="q")
    except PageTokenMismatch:
        return
    # The last character of base64 has bits that mean nothing.
    assert got == PAGES.decode(text, bound_to="q")
    assert position == len(token) - 1


def test_another_query_another_secret_another_tenant():
    token = PAGES.encode((1,), bound_to=("q", UUID(int=1)))
    for pages, query in (
        (PAGES, ("q", UUID(int=2))),
        (PAGES, ("p", UUID(int=1))),
        (Pages(b"x"), ("q", UUID(int=1))),
    ):
        with pytest.raises(PageTokenMismatch):
            pages.decode(token, bound_to=query)


def test_the_size_may_change_between_pages_and_nothing_else():
    token = PAGES.encode((1,), bound_to=ListApiKeysRequest(page_size=2))
    assert PAGES.decode(token, bound_to=ListApiKeysRequest(page_size=7, page_token=token)) == (1,)
    with pytest.raises(PageTokenMismatch):
        PAGES.decode(token, bound_to=ListApiKeysRequest(show_revoked=True))


def test_the_first_page_has_no_token():
    assert PAGES.decode("", bound_to="q") is None


@pytest.mark.parametrize("token", ["x", "!!!!", "é", "AAAA", "A" * 100])
def test_rubbish(token):
    with pytest.raises(PageTokenMismatch):
        PAGES.decode(token, bound_to="q")


@pytest.mark.parametrize(
    ("asked", "given_"), [(0, 50), (1, 1), (1000, 1000), (1001, 1000), (2**31 - 1, 1000)]
)
def test_sizes(asked, given_):
    assert PAGES.page_size(asked) == given_


def test_a_negative_size():
    with pytest.raises(InvalidArgument, match="-1"):
        PAGES.page_size(-1)


def test_dates_are_not_times():
    key = (date(2026, 3, 29), datetime(2026, 3, 29, 1, tzinfo=UTC), Decimal("0.10"))
    assert PAGES.decode(PAGES.encode(key, bound_to=None), bound_to=None) == key


@given(st.lists(st.integers(), unique=True, max_size=20).map(sorted), st.integers(1, 5))
def test_pages_have_every_row_once(rows, size):
    seen, token = [], ""
    while True:
        page = PAGES.page(size, token, bound_to="q")
        later = [row for row in rows if page.after is None or row > page.after_value]
        kept, token = page.cut(later[: page.limit], lambda row: (row,))
        assert len(kept) <= size
        seen += kept
        if not token:
            break
        assert len(kept) == size
    assert seen == rows


def test_a_method_may_give_larger_pages():
    pages = [PAGES.page(asked, "", bound_to="q", largest=10_000) for asked in (0, 5000, 20_000)]
    # One row more is asked for than a page holds, to know whether there is another page.
    assert [one.limit - pages[0].limit for one in pages] == [0, 4950, 9950]
