"""What the migrations need and the connecting user lacks, as SQL for somebody who may do it."""

import asyncpg

from app.core.connecting import connect
from app.core.database_errors import explain, sqlstate_of

APPLICATION_ROLE = "lancar_app"
EXTENSIONS = ("unaccent", "pg_trgm")

_STANDING = """
SELECT quote_ident(current_user) AS login, quote_ident(current_database()) AS database,
       me.rolsuper, me.rolsuper OR me.rolcreaterole AS creates_roles,
       app.oid IS NOT NULL AS has_role,
       coalesce(pg_has_role(me.oid, app.oid, v.assume), false) AS assumes,
       me.rolsuper OR coalesce(pg_has_role(me.oid, app.oid, 'MEMBER WITH ADMIN OPTION'), false)
           OR v.is_old AND me.rolcreaterole AS grants,
       has_database_privilege(current_database(), 'CREATE') AS creates_in_database,
       has_schema_privilege('public', 'CREATE') AS creates_tables
FROM (SELECT n < 160000 AS is_old, CASE WHEN n < 160000 THEN 'MEMBER' ELSE 'SET' END AS assume
        FROM CAST(current_setting('server_version_num') AS int) AS n) AS v
CROSS JOIN pg_roles AS me LEFT JOIN pg_roles AS app ON app.rolname = $1
WHERE me.rolname = current_user
"""
_EXTENSIONS = """
SELECT name, bool_or(trusted) AS is_trusted FROM pg_available_extension_versions
WHERE name = ANY($1) AND name NOT IN (SELECT extname FROM pg_extension) GROUP BY name ORDER BY name
"""


async def missing_rights(connection: "asyncpg.Connection[asyncpg.Record]") -> str | None:
    """Return in one line who runs which SQL, where and then what; None when no right is missing."""
    me = await connection.fetchrow(_STANDING, APPLICATION_ROLE)
    assert me is not None
    statements = []
    if not me["has_role"] and not me["creates_roles"]:
        statements.append(f"CREATE ROLE {APPLICATION_ROLE} NOLOGIN;")
    makes_it = me["creates_roles"] and not me["has_role"]
    if not (me["assumes"] or me["grants"] or makes_it):
        statements.append(f"GRANT {APPLICATION_ROLE} TO {me['login']};")
    statements.extend(
        f"CREATE EXTENSION {name};"
        for name, is_trusted in await connection.fetch(_EXTENSIONS, EXTENSIONS)
        if not (me["rolsuper"] or (is_trusted and me["creates_in_database"]))
    )
    if not me["creates_tables"]:
        statements.append(f"GRANT CREATE ON SCHEMA public TO {me['login']};")
    if not statements:
        return None
    return (
        f"The user {me['login']} of DATABASE_URL lacks rights. Have a superuser run in the database"
        f" {me['database']}: {' '.join(statements)} Then run this again."
    )


async def explain_refusal(url: str, error: Exception) -> str | None:
    """Return why a migration of the database at `url` ended with `error`; None for a fault of ours.

    Looks up which rights are missing when that is what the server said.
    """
    if sqlstate_of(error) == asyncpg.InsufficientPrivilegeError.sqlstate:
        connection = await connect(url)
        try:
            return await missing_rights(connection) or explain(error)
        finally:
            await connection.close()
    return explain(error)
