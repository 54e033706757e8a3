# ruff: noqa: S608 - the only text put into a query is a constant of this file
"""What a database really holds, read from PostgreSQL's catalog as comparable lines.

Alembic's comparison overlooks CHECKs, generated expressions, functions, text search and grants;
this does not. The lines are the same on every supported server version. What the models say is read
in the same way: PostgreSQL makes their tables in a schema of their own, which never is committed.
"""

from alembic.util.exc import CommandError
from sqlalchemy import Connection, text
from sqlalchemy.exc import ProgrammingError
from sqlalchemy.pool import NullPool

from app.core.config import BACKEND
from app.core.connecting import engine_for
from app.models import Base

Catalog = dict[str, list[str]]
"""Lines by the object that they describe, both sorted."""

CATALOG = BACKEND.parent / "docs" / "schema" / "catalog.txt"
"""The committed catalog, written by `manage_db.py docs`."""

# Objects that an extension brought are the extension's business.
_OWN = "NOT EXISTS (SELECT FROM pg_depend WHERE objid = {oid} AND deptype = 'e')"
_TABLES = "relnamespace = current_schema()::regnamespace AND relkind IN ('r', 'p')"

INSUFFICIENT_PRIVILEGE = "42501"
_MODELS = "lancar_models"
_LOOK_THERE_FIRST = text(
    f"SELECT set_config('search_path', '{_MODELS}, ' || current_setting('search_path'), true)"
)


_QUERIES = (
    # Columns: type, default or generated expression, NOT NULL.
    f"""
    SELECT 'table ' || c.relname AS object,
           concat_ws(' ', 'column', quote_ident(a.attname), format_type(a.atttypid, a.atttypmod),
                     CASE WHEN a.attnotnull THEN 'NOT NULL' END,
                     CASE a.attgenerated WHEN 's' THEN 'GENERATED ALWAYS AS ('
                                             || pg_get_expr(d.adbin, d.adrelid) || ') STORED'
                                         WHEN '' THEN 'DEFAULT ' || pg_get_expr(d.adbin, d.adrelid)
                     END,
                     CASE WHEN a.attidentity <> '' THEN 'IDENTITY ' || a.attidentity::text END
           ) AS line
      FROM pg_class AS c
      JOIN pg_attribute AS a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
      LEFT JOIN pg_attrdef AS d ON d.adrelid = c.oid AND d.adnum = a.attnum
     WHERE {_TABLES}
    """,
    # Constraints. PostgreSQL 18 also lists NOT NULL here (contype n): that is the column's line.
    f"""
    SELECT 'table ' || c.relname,
           concat_ws(' ', 'constraint', r.conname, pg_get_constraintdef(r.oid),
                     CASE WHEN NOT r.convalidated THEN 'NOT VALID' END)
      FROM pg_class AS c JOIN pg_constraint AS r ON r.conrelid = c.oid
     WHERE {_TABLES} AND r.contype NOT IN ('n', 't')
    """,
    # Indexes, with those that carry constraints.
    f"""
    SELECT 'table ' || c.relname,
           concat_ws(' ', 'index', pg_get_indexdef(i.indexrelid),
                     CASE WHEN NOT i.indisvalid THEN 'INVALID' END)
      FROM pg_class AS c JOIN pg_index AS i ON i.indrelid = c.oid
     WHERE {_TABLES}
    """,
    # Triggers of our own: there should be none on user-owned tables.
    f"""
    SELECT 'table ' || c.relname, 'trigger ' || pg_get_triggerdef(t.oid)
      FROM pg_class AS c JOIN pg_trigger AS t ON t.tgrelid = c.oid
     WHERE {_TABLES} AND NOT t.tgisinternal
    """,
    # What the application's role may do.
    f"""
    SELECT 'table ' || c.relname,
           'grant ' || g.rolname || ': '
               || string_agg(a.privilege_type, ', ' ORDER BY a.privilege_type)
      FROM pg_class AS c CROSS JOIN aclexplode(c.relacl) AS a
      JOIN pg_roles AS g ON g.oid = a.grantee
     WHERE {_TABLES} AND g.rolname = 'lancar_app'
     GROUP BY c.relname, g.rolname
    """,
    """
    SELECT 'default privileges',
           g.rolname || ' on ' || d.defaclobjtype::text || ': '
               || string_agg(a.privilege_type, ', ' ORDER BY a.privilege_type)
      FROM pg_default_acl AS d CROSS JOIN aclexplode(d.defaclacl) AS a
      JOIN pg_roles AS g ON g.oid = a.grantee
     WHERE d.defaclnamespace = current_schema()::regnamespace AND g.rolname = 'lancar_app'
     GROUP BY g.rolname, d.defaclobjtype
    """,
    f"""
    SELECT 'function ' || p.oid::regprocedure::text,
           btrim(regexp_replace(pg_get_functiondef(p.oid), '\\s+', ' ', 'g'))
      FROM pg_proc AS p
     WHERE p.pronamespace = current_schema()::regnamespace AND {_OWN.format(oid="p.oid")}
    """,
    f"""
    SELECT 'text search configuration ' || c.cfgname,
           t.alias || ': ' || string_agg(m.mapdict::regdictionary::text, ', ' ORDER BY m.mapseqno)
      FROM pg_ts_config AS c JOIN pg_ts_config_map AS m ON m.mapcfg = c.oid
      CROSS JOIN LATERAL ts_token_type(c.cfgparser) AS t
     WHERE c.cfgnamespace = current_schema()::regnamespace AND t.tokid = m.maptokentype
       AND {_OWN.format(oid="c.oid")}
     GROUP BY c.cfgname, t.alias
    """,
    f"""
    SELECT 'text search dictionary ' || d.dictname, concat_ws(' ', t.tmplname, d.dictinitoption)
      FROM pg_ts_dict AS d JOIN pg_ts_template AS t ON t.oid = d.dicttemplate
     WHERE d.dictnamespace = current_schema()::regnamespace AND {_OWN.format(oid="d.oid")}
    """,
    "SELECT 'extensions', extname FROM pg_extension WHERE extname <> 'plpgsql'",
)


async def read_catalog(url: str) -> Catalog:
    """Return the catalog of the database at `url`."""
    engine = engine_for(url, poolclass=NullPool)
    async with engine.connect() as connection:
        return await connection.run_sync(catalog_of_database)


def catalog_of_database(connection: Connection) -> Catalog:
    """Return the catalog of the schema that unqualified names mean: `public`, as a rule."""
    catalog: Catalog = {}
    for query in _QUERIES:
        for described, line in connection.exec_driver_sql(query):
            catalog.setdefault(described, []).append(line)
    return {described: sorted(catalog[described]) for described in sorted(catalog)}


def catalog_of_models(connection: Connection) -> Catalog:
    """Return the catalog of a database that is made from the models, without grants.

    Makes a schema and rolls it back; takes no lock on any other table. Raises CommandError where
    the user may not make one.
    """
    public = connection.scalar(text("SELECT current_schema()"))
    savepoint = connection.begin_nested()
    try:
        connection.execute(text(f"CREATE SCHEMA {_MODELS}"))
        connection.execute(_LOOK_THERE_FIRST)
        Base.metadata.create_all(connection, checkfirst=False)
        catalog = catalog_of_database(connection)
    except ProgrammingError as error:
        if getattr(error.orig, "sqlstate", "") != INSUFFICIENT_PRIVILEGE:
            raise
        raise CommandError(
            "To compare with the models, the database's user makes a schema for a moment, which it"
            " may not. Let the owner of the database run: GRANT CREATE ON DATABASE … TO …"
        ) from error
    finally:
        savepoint.rollback()
    return {
        described: sorted(line.replace(f"{_MODELS}.", f"{public}.") for line in lines)
        for described, lines in catalog.items()
    }


def without_grants(catalog: Catalog) -> Catalog:
    """Leave out what only migrations make: grants, and Alembic's own table."""
    return {
        described: [line for line in lines if not line.startswith("grant ")]
        for described, lines in catalog.items()
        if described not in {"table alembic_version", "default privileges"}
    }


def differences(expected: Catalog, actual: Catalog) -> dict[str, list[str]]:
    """Return, by object, the lines that are only `expected` (with -) or only `actual` (with +)."""
    found = {}
    for described in sorted(expected.keys() | actual.keys()):
        wanted, there = expected.get(described, []), actual.get(described, [])
        if lines := [f"- {line}" for line in wanted if line not in there] + [
            f"+ {line}" for line in there if line not in wanted
        ]:
            found[described] = lines
    return found


async def catalog_document(url: str) -> str:
    """Return what `CATALOG` should say, read from the migrated database at `url`."""
    catalog = await read_catalog(url)
    return "\n".join(
        f"{described}\n" + "".join(f"    {line}\n" for line in lines)
        for described, lines in catalog.items()
    )
