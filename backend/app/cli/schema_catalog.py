# ruff: noqa: S608 - the only text put into a query is a constant of this file
"""What a database really holds, read from PostgreSQL's catalog as comparable lines.

Alembic's comparison overlooks CHECKs, generated expressions, functions, text search and grants;
this does not. The lines are the same on every supported server version.
"""

from app.core.connecting import connect

Catalog = dict[str, list[str]]
"""Lines by the object that they describe, both sorted."""

# Objects that an extension brought are the extension's business.
_OWN = "NOT EXISTS (SELECT FROM pg_depend WHERE objid = {oid} AND deptype = 'e')"
_TABLES = "relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p')"

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
     WHERE d.defaclnamespace = 'public'::regnamespace AND g.rolname = 'lancar_app'
     GROUP BY g.rolname, d.defaclobjtype
    """,
    f"""
    SELECT 'function ' || p.oid::regprocedure::text,
           btrim(regexp_replace(pg_get_functiondef(p.oid), '\\s+', ' ', 'g'))
      FROM pg_proc AS p
     WHERE p.pronamespace = 'public'::regnamespace AND {_OWN.format(oid="p.oid")}
    """,
    f"""
    SELECT 'text search configuration ' || c.cfgname,
           t.alias || ': ' || string_agg(m.mapdict::regdictionary::text, ', ' ORDER BY m.mapseqno)
      FROM pg_ts_config AS c JOIN pg_ts_config_map AS m ON m.mapcfg = c.oid
      CROSS JOIN LATERAL ts_token_type(c.cfgparser) AS t
     WHERE c.cfgnamespace = 'public'::regnamespace AND t.tokid = m.maptokentype
       AND {_OWN.format(oid="c.oid")}
     GROUP BY c.cfgname, t.alias
    """,
    f"""
    SELECT 'text search dictionary ' || d.dictname, concat_ws(' ', t.tmplname, d.dictinitoption)
      FROM pg_ts_dict AS d JOIN pg_ts_template AS t ON t.oid = d.dicttemplate
     WHERE d.dictnamespace = 'public'::regnamespace AND {_OWN.format(oid="d.oid")}
    """,
    "SELECT 'extensions', extname FROM pg_extension WHERE extname <> 'plpgsql'",
)


async def read_catalog(url: str) -> Catalog:
    """Return the catalog of the database at `url`."""
    connection = await connect(url)
    catalog: Catalog = {}
    try:
        for query in _QUERIES:
            for described, line in await connection.fetch(query):
                catalog.setdefault(described, []).append(line)
    finally:
        await connection.close()
    return {described: sorted(catalog[described]) for described in sorted(catalog)}


def render(catalog: Catalog) -> str:
    """Return the catalog as the text of `docs/schema/catalog.txt`."""
    return "\n".join(
        f"{described}\n" + "".join(f"    {line}\n" for line in lines)
        for described, lines in catalog.items()
    )
