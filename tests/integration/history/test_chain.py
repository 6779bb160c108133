"""The chain: whole when nobody touched it, and broken where somebody did."""

import asyncio
from typing import Any
from uuid import UUID, uuid4

import pytest
from psycopg.errors import InsufficientPrivilege
from sqlalchemy import text
from sqlalchemy.exc import ProgrammingError

from server.platform.history import SECRET, Changed, Personal
from server.platform.history_chain import FIRST_PREVIOUS, fields_text, link_hash
from server.platform.history_context import CallContext, in_context
from server.platform.history_store import ChangeFilter, change_by_id, changes, changes_of, opened
from server.platform.history_verify import Verdict, verify
from server.platform.platform import Platform
from tests.integration.history.conftest import Superuser, link_all, tenant_without_history


async def make(platform: Platform, count: int, kind: str = "thing") -> list[UUID]:
    ids = [uuid4() for _ in range(count)]
    async with platform.uow() as tx:
        await tx.changed_many(
            Changed(kind=kind, resource_id=one, action="created", after={"name": f"Nº {place}"})
            for place, one in enumerate(ids)
        )
    return ids


async def verdict_of(platform: Platform, start: int = 0, end: int = 0) -> Verdict:
    async with platform.uow() as tx:
        return await verify(tx, start, end)


async def test_a_change_is_there_at_once_and_linked_soon(platform: Platform, tenant: UUID) -> None:
    with in_context(CallContext("because", "c-1", "simba.test/Method")):
        [thing] = await make(platform, 1)
    async with platform.uow() as tx:
        [found] = await changes(tx, ChangeFilter(resource_id=str(thing)), limit=5)
    assert (found.reason, found.correlation_id, found.method) == ("because", "c-1", "simba.test/Method")
    assert found.fields[0].path == "name"
    assert found.fields[0].after == '"Nº 0"'
    await link_all(platform)
    async with platform.uow() as tx:
        linked = await change_by_id(tx, found.change_id)
    assert linked is not None
    assert linked.sequence == 1
    assert linked.previous_hash == FIRST_PREVIOUS
    row = {name: getattr(linked, name) for name in linked.__slots__} | {"tenant_id": tenant}
    row["fields"] = fields_text(linked.fields)
    assert link_hash(row, 1, FIRST_PREVIOUS) == linked.hash


async def test_what_is_rolled_back_leaves_no_change(platform: Platform, tenant: UUID) -> None:
    with pytest.raises(RuntimeError, match="no"):
        async with platform.uow() as tx:
            await tx.changed(kind="thing", resource_id=uuid4(), action="created", after={"a": 1})
            raise RuntimeError("no")
    async with platform.uow() as tx:
        with pytest.raises(RuntimeError, match="inner"):
            async with platform.uow() as inner:
                await inner.changed(kind="thing", resource_id=uuid4(), action="inner", after={"a": 1})
                raise RuntimeError("inner")
        await tx.changed(kind="thing", resource_id=uuid4(), action="outer", after={"a": 1})
    async with platform.uow() as tx:
        assert [one.action for one in await changes(tx, ChangeFilter(), limit=9)] == ["outer"]


async def test_the_chain_of_each_tenant_is_its_own_and_without_gaps(platform: Platform) -> None:
    """Many writers at once, and rounds of the relay between them."""
    tenants = [await tenant_without_history(platform) for _ in range(3)]

    async def write(which: int) -> None:
        async with platform.uow.system() as tx:
            for place in range(5):
                of = tx.of(tenants[(which + place) % 3].caller.tenant_id)
                await of.changed(kind="thing", resource_id=uuid4(), action="made", after={"n": place})
        await link_all(platform)

    await asyncio.gather(*(write(which) for which in range(12)))
    await link_all(platform)
    for one in tenants:
        async with platform.uow.system() as tx:
            count = await tx.conn.scalar(
                text("SELECT count(*) FROM change WHERE tenant_id = :t"), {"t": one.caller.tenant_id}
            )
            found = await verify(tx.of(one.caller.tenant_id))
        assert found.intact
        assert found.checked == found.sequence == count == 20


ATTACKS = {
    "a text is altered": ("UPDATE change SET reason = 'other' WHERE {seq} = 5", 5, "is not what it was"),
    "a value is altered": (
        "UPDATE change SET fields = replace(fields, 'Nº 4', 'Nº 5') WHERE {seq} = 5",
        5,
        "is not what it was",
    ),
    "a time is altered": (
        "UPDATE change SET time = time + interval '1 microsecond' WHERE {seq} = 5",
        5,
        "is not what it was",
    ),
    "who is altered": ("UPDATE change SET principal_id = 'system' WHERE {seq} = 5", 5, "is not what it was"),
    "text moves over to the next column": (
        "UPDATE change SET action = '', resource_kind = action || resource_kind WHERE {seq} = 5",
        5,
        "is not what it was",
    ),
    "a hash is altered": (
        "UPDATE change SET hash = sha256('x') WHERE {seq} = 5",
        5,
        "is not what it was",
    ),
    "one is removed": ("DELETE FROM change WHERE {seq} = 5", 5, "is missing"),
    "the first is removed": ("DELETE FROM change WHERE {seq} = 1", 1, "is missing"),
    "the last is removed": ("DELETE FROM change WHERE {seq} = 10", 10, "is missing"),
    "the end is cut off": ("DELETE FROM change WHERE {seq} > 6", 7, "is missing"),
    "all are removed": ("DELETE FROM change WHERE {seq} > 0", 1, "is missing"),
    "one is removed and the rest moves up": (
        (
            "DELETE FROM change WHERE {seq} = 5;"
            "UPDATE change SET sequence = sequence - 1 WHERE {seq} = 6;"
            "UPDATE change SET sequence = sequence - 1 WHERE {seq} = 7;"
            "UPDATE change SET sequence = sequence - 1 WHERE {seq} = 8;"
            "UPDATE change SET sequence = sequence - 1 WHERE {seq} = 9;"
            "UPDATE change SET sequence = sequence - 1 WHERE {seq} = 10;"
        ),
        5,
        "does not go on",
    ),
    "two change places": (
        (
            "UPDATE change SET sequence = 999 WHERE {seq} = 4;"
            "UPDATE change SET sequence = 4 WHERE {seq} = 5;"
            "UPDATE change SET sequence = 5 WHERE {seq} = 999;"
        ),
        4,
        "does not go on",
    ),
    "one is put behind the end": (
        (
            "INSERT INTO change SELECT tenant_id, 11, hash, sha256('x'), gen_random_uuid(), time,"
            " principal_id, principal_name, action, resource_kind, resource_id, subject, fields, reason,"
            " correlation_id, method, trace_id FROM change WHERE {seq} = 10"
        ),
        11,
        "was put behind the head",
    ),
    "one is put in between": (
        (
            "UPDATE change SET sequence = 1011 WHERE {seq} = 10;"
            "INSERT INTO change SELECT tenant_id, 10, previous_hash, sha256('x'), gen_random_uuid(), time,"
            " principal_id, principal_name, action, resource_kind, resource_id, subject, fields, reason,"
            " correlation_id, method, trace_id FROM change WHERE {seq} = 9;"
            "UPDATE change SET sequence = 11 WHERE {seq} = 1011;"
        ),
        10,
        "does not go on",
    ),
    "the head is set back": (
        "DELETE FROM change WHERE {seq} > 6; UPDATE change_head SET sequence = 6 WHERE {mine}",
        6,
        "is not the head",
    ),
    "the head is altered": (
        "UPDATE change_head SET hash = sha256('x') WHERE {mine}",
        10,
        "is not the head",
    ),
}


@pytest.mark.parametrize("attack", ATTACKS)
async def test_what_a_superuser_does_to_the_chain_is_found(
    platform: Platform, tenant: UUID, superuser: Superuser, attack: str
) -> None:
    await make(platform, 10)
    await link_all(platform)
    whole = await verdict_of(platform)
    assert whole.intact
    assert (whole.checked, whole.sequence) == (10, 10)
    sql, broken, said = ATTACKS[attack]
    mine = f"tenant_id = '{tenant}'"
    for statement in filter(str.strip, sql.format(seq=f"{mine} AND sequence", mine=mine).split(";")):
        await superuser(statement)
    found = await verdict_of(platform)
    assert not found.intact
    assert found.broken == broken
    assert said in found.description
    again = await verdict_of(platform)
    assert again == found


async def test_a_rewritten_chain_is_known_by_its_old_head(
    platform: Platform, tenant: UUID, superuser: Superuser
) -> None:
    """Who rewrites every link and the head is only found by a hash that was kept outside."""
    await make(platform, 4)
    await link_all(platform)
    kept = await verdict_of(platform)
    rows = await superuser("SELECT * FROM change WHERE tenant_id = %(t)s ORDER BY sequence", t=tenant)
    names = [one[0] for one in await superuser(_COLUMNS)]
    previous = FIRST_PREVIOUS
    for values in rows:
        row = dict(zip(names, values, strict=True)) | {"reason": "forged"}
        forged = link_hash(row, row["sequence"], previous)
        await superuser(
            "UPDATE change SET reason = 'forged', previous_hash = %(p)s, hash = %(h)s"
            " WHERE tenant_id = %(t)s AND sequence = %(s)s",
            p=previous,
            h=forged,
            t=tenant,
            s=row["sequence"],
        )
        previous = forged
    await superuser("UPDATE change_head SET hash = %(h)s WHERE tenant_id = %(t)s", h=previous, t=tenant)
    found = await verdict_of(platform, end=kept.sequence)
    assert found.intact
    assert found.hash != kept.hash


_COLUMNS = (
    "SELECT column_name FROM information_schema.columns WHERE table_name = 'change' ORDER BY ordinal_position"
)


async def test_a_stretch_is_verified_alone(platform: Platform, tenant: UUID, superuser: Superuser) -> None:
    await make(platform, 10)
    await link_all(platform)
    await superuser("UPDATE change SET reason = 'x' WHERE tenant_id = %(t)s AND sequence = 3", t=tenant)
    assert (await verdict_of(platform)).broken == 3
    assert (await verdict_of(platform, 1, 2)).intact
    later = await verdict_of(platform, 4, 8)
    assert (later.intact, later.checked, later.sequence) == (True, 5, 8)
    assert (await verdict_of(platform, 4)).intact
    beyond = await verdict_of(platform, 8, 12)
    assert (beyond.broken, beyond.checked) == (11, 3)
    assert (await verdict_of(platform, 20)).broken == 20


async def test_nobody_who_serves_calls_can_alter_the_history(platform: Platform, tenant: UUID) -> None:
    await make(platform, 1)
    await link_all(platform)
    for unit, refused in (
        (platform.uow, ("DELETE FROM change_pending", "DELETE FROM personal_key")),
        (platform.uow.system, ("UPDATE change_pending SET reason = ''", "TRUNCATE change")),
    ):
        for sql in ("UPDATE change SET reason = ''", "DELETE FROM change", *refused):
            with pytest.raises(ProgrammingError) as told:
                async with unit() as tx:
                    await tx.conn.execute(text(sql))
            assert isinstance(told.value.orig, InsufficientPrivilege), sql
    other = await tenant_without_history(platform)
    async with platform.uow.transaction(other.caller.tenant_id) as opened_:
        assert await opened_.conn.scalar(text("SELECT count(*) FROM change")) == 0
        assert await opened_.conn.scalar(text("SELECT count(*) FROM change_pending")) == 0


async def test_personal_data_is_erased_and_the_chain_stays_whole(
    platform: Platform, tenant: UUID, superuser: Superuser
) -> None:
    person = uuid4()
    whose = Personal("customer", person, frozenset({"email"}))

    async def state(before: dict[str, Any] | None, after: dict[str, Any]) -> None:
        async with platform.uow() as tx:
            await tx.changed(
                kind="customer",
                resource_id=person,
                action="updated",
                before=before,
                after=after,
                personal=whose,
            )

    async def shown() -> list[tuple[str, str]]:
        async with platform.uow() as tx:
            found = await changes_of(tx, [("customer", person)], limit=9)
            fields = await opened(tx, found)
        return [(each.before, each.after) for one in fields for each in one if each.path == "email"]

    await state(None, {"email": "ann@example.org", "language": "en"})
    await link_all(platform)
    await state({"email": "ann@example.org"}, {"email": "ann@example.net"})
    assert await shown() == [('"ann@example.org"', '"ann@example.net"'), ("", '"ann@example.org"')]
    [(stored,)] = await superuser(
        "SELECT string_agg(fields, '') FROM change WHERE tenant_id = %(t)s", t=tenant
    )
    assert "ann@" not in stored
    async with platform.uow() as tx:
        await tx.changed(
            kind="customer",
            resource_id=person,
            action="erased",
            before={"email": "ann@example.net"},
            after={"email": ""},
            personal=whose,
        )
        tx.erase_history("customer", person)
    erased = '"(erased)"'
    assert await shown() == [(erased, ""), (erased, erased), ("", erased)]
    assert await superuser("SELECT * FROM personal_key WHERE tenant_id = %(t)s", t=tenant) == []
    await state(None, {"email": "new@example.org"})
    assert (await shown())[:2] == [("", '"new@example.org"'), (erased, "")]
    await link_all(platform)
    assert (await verdict_of(platform)).intact


async def test_a_secret_is_never_told(platform: Platform, tenant: UUID, superuser: Superuser) -> None:
    async with platform.uow() as tx:
        await tx.changed(
            kind="meter",
            resource_id=uuid4(),
            action="keys_set",
            before={"keys.app_key": SECRET},
            after={"keys.app_key": SECRET},
        )
        [] = await changes(tx, ChangeFilter(), limit=1)
    async with platform.uow() as tx:
        [found] = await changes(tx, ChangeFilter(), limit=2)
    [field] = found.fields
    assert (field.path, field.before, field.after) == ("keys.app_key", '"(secret)"', '"(secret)"')
