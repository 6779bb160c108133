"""Tables of trees: what is below what, and when; the labels of all resources, to look for them.

The column ``node.parent_id`` goes: moves that are known ahead take effect by themselves, with the time.
"""

from alembic import op

from server.platform.tables import enable_rls

revision = "0016"
down_revision = "0015"

_TAGGED = ("node", "usage_point", "meter", "gateway", "concentrator")


def upgrade() -> None:
    _edges()
    _closure()
    op.execute("ALTER TABLE node DROP COLUMN parent_id")
    for column in ("hierarchy", "kind", "code"):
        op.execute(f"CREATE INDEX node_by_{column} ON node (tenant_id, {column}, node_id)")
    _tags()


def _edges() -> None:
    op.execute("""
        CREATE TABLE node_edge (
            tenant_id uuid NOT NULL,
            node_id uuid NOT NULL,
            parent_id uuid,
            valid tstzrange NOT NULL CHECK (NOT isempty(valid)),
            CONSTRAINT node_edge_once EXCLUDE USING gist
                (tenant_id WITH =, node_id WITH =, valid WITH &&),
            FOREIGN KEY (tenant_id, node_id) REFERENCES node,
            FOREIGN KEY (tenant_id, parent_id) REFERENCES node (tenant_id, node_id),
            CHECK (parent_id <> node_id)
        )
    """)
    op.execute("""
        INSERT INTO node_edge (tenant_id, node_id, parent_id, valid)
        SELECT tenant_id, node_id, parent_id, '(,)' FROM node
    """)
    op.execute("CREATE INDEX node_edge_node ON node_edge (tenant_id, node_id) INCLUDE (parent_id, valid)")
    op.execute("CREATE INDEX node_edge_parent ON node_edge (tenant_id, parent_id, node_id) INCLUDE (valid)")
    enable_rls(op, "node_edge")


def _closure() -> None:
    op.execute("""
        CREATE TABLE node_closure (
            tenant_id uuid NOT NULL,
            ancestor_id uuid NOT NULL,
            node_id uuid NOT NULL,
            depth integer NOT NULL,
            valid tstzrange NOT NULL
        )
    """)
    op.execute("""
        INSERT INTO node_closure (tenant_id, ancestor_id, node_id, depth, valid)
        WITH RECURSIVE up AS (
            SELECT tenant_id, node_id AS ancestor_id, node_id, 0 AS depth, valid FROM node_edge
            UNION ALL
            SELECT up.tenant_id, above.parent_id, up.node_id, up.depth + 1, up.valid
              FROM up JOIN node_edge above
                ON above.tenant_id = up.tenant_id AND above.node_id = up.ancestor_id
             WHERE above.parent_id IS NOT NULL
        )
        SELECT * FROM up
    """)
    for name, columns in (("below", "ancestor_id, node_id"), ("above", "node_id, ancestor_id")):
        op.execute(
            f"CREATE INDEX node_closure_{name} ON node_closure (tenant_id, {columns}) INCLUDE (depth, valid)"
        )
    enable_rls(op, "node_closure")


def _tags() -> None:
    """Labels in a table of their own: under row-level security no index serves ``jsonb @>``."""
    op.execute("""
        CREATE TABLE tag (
            tenant_id uuid NOT NULL,
            kind text NOT NULL,
            resource_id uuid NOT NULL,
            key text NOT NULL,
            value text NOT NULL,
            PRIMARY KEY (tenant_id, kind, resource_id, key)
        )
    """)
    op.execute("CREATE INDEX tag_value ON tag (tenant_id, kind, key, value, resource_id)")
    op.execute("CREATE INDEX tag_key ON tag (tenant_id, kind, key, resource_id)")
    enable_rls(op, "tag")
    for kind in _TAGGED:
        _keep_tags(kind)


def _keep_tags(kind: str) -> None:
    read = f"SELECT one.tenant_id, '{kind}', one.{kind}_id, each.key, each.value"
    into = "INSERT INTO tag (tenant_id, kind, resource_id, key, value)"
    op.execute(f"{into} {read} FROM {kind} one, jsonb_each_text(one.tags) each")
    op.execute(f"""
        CREATE FUNCTION tag_new_{kind}() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
            {into} {read} FROM made one, jsonb_each_text(one.tags) each;
            RETURN NULL;
        END $$
    """)
    op.execute(f"""
        CREATE FUNCTION tag_changed_{kind}() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
            DELETE FROM tag USING was JOIN made USING (tenant_id, {kind}_id)
             WHERE tag.tenant_id = was.tenant_id AND tag.kind = '{kind}'
               AND tag.resource_id = was.{kind}_id AND was.tags <> made.tags;
            {into} {read}
              FROM was JOIN made one USING (tenant_id, {kind}_id), jsonb_each_text(one.tags) each
             WHERE was.tags <> one.tags;
            RETURN NULL;
        END $$
    """)  # noqa: S608 - names of ours
    op.execute(f"""
        CREATE TRIGGER tag_new AFTER INSERT ON {kind}
        REFERENCING NEW TABLE AS made FOR EACH STATEMENT EXECUTE FUNCTION tag_new_{kind}()
    """)
    op.execute(f"""
        CREATE TRIGGER tag_changed AFTER UPDATE ON {kind}
        REFERENCING OLD TABLE AS was NEW TABLE AS made
        FOR EACH STATEMENT EXECUTE FUNCTION tag_changed_{kind}()
    """)
