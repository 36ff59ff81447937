"""What a PostgreSQL journal's tables are under: rules, triggers against changes, and rights."""

from __future__ import annotations

from typing import Final

from drawreview.records.shape import Shape
from drawreview.records.store import SEALED, Connection

SCHEMA: Final = "drawreview"
_REFUSE: Final = """
BEGIN
  RAISE EXCEPTION 'the journal is append-only';
END
"""
_ONLY_EMPTIED: Final = """
BEGIN
  IF new.content IS NOT NULL OR new.salt IS NOT NULL OR new.erased_at IS NULL
     OR old.erased_at IS NOT NULL OR new.record_id <> old.record_id THEN
    RAISE EXCEPTION 'personal data is emptied, not changed';
  END IF;
  RETURN new;
END
"""
_FUNCTIONS: Final = {"refuse": _REFUSE, "only_emptied": _ONLY_EMPTIED}
# By table and name: when, as the server writes it, and what function.
_GUARDS: Final = {
    **{
        (table, "sealed"): (f"BEFORE DELETE OR UPDATE OR TRUNCATE ON {table}", "refuse")
        for table in SEALED
    },
    ("personal", "sealed"): ("BEFORE DELETE OR TRUNCATE ON personal", "refuse"),
    ("personal", "only_emptied"): ("BEFORE UPDATE ON personal", "only_emptied"),
}


def set_guards(connection: Connection) -> None:
    """Make the triggers, and leave the tables to their owner alone."""
    for name, source in _FUNCTIONS.items():
        making = "RETURNS trigger LANGUAGE plpgsql AS"
        connection.rows(f"CREATE FUNCTION {name}() {making} $${source}$$")
    for (table, name), (when, function) in _GUARDS.items():
        connection.rows(f"CREATE TRIGGER {name} {_doing(when, function)}")
        connection.rows(f"REVOKE ALL ON {table} FROM PUBLIC")


def _doing(when: str, function: str) -> str:
    each = "ROW" if function == "only_emptied" else "STATEMENT"
    return f"{when} FOR EACH {each} EXECUTE FUNCTION {function}()"


def wrong_guards(connection: Connection) -> dict[str, str]:
    """Return which triggers are missing, switched off, do something else, or are not ours."""
    rows = connection.rows(_TRIGGERS, (SCHEMA, SCHEMA))
    found = {(table, name): rest for table, name, *rest in rows}
    wrong: dict[str, str] = {}
    for (table, name), (when, function) in _GUARDS.items():
        match found.pop((table, name), None):
            case None:
                wrong[f"{table}.{name}"] = "缺失"
            case [False, *_]:
                wrong[f"{table}.{name}"] = "停用了"
            case [_, made, called, source]:
                doing = f"CREATE TRIGGER {name} {_doing(when, function)}"
                if (made, called, source) != (doing, function, _FUNCTIONS[function]):
                    wrong[f"{table}.{name}"] = "被改过"
            case _:
                pass
    return wrong | {f"{table}.{name}": "不是本程序的" for table, name in sorted(found)}


def shapes_in(connection: Connection) -> dict[str, Shape]:
    """Return the shapes of the tables that are there, in the words in which they were made."""
    shapes: dict[str, Shape] = {}
    for table, name, kind, needed, more in connection.rows(_COLUMNS, (SCHEMA,)):
        shape = shapes.setdefault(table, Shape())
        shape.columns.append(f"{name} {kind}")
        shape.rules += [f"NOT NULL ({name})"] if needed else []
        shape.rules += [f"{more} ({name})"] if more else []
    for table, rule in connection.rows(_RULES, (SCHEMA,)):
        shapes.setdefault(table, Shape()).rules.append(rule)
    for shape in shapes.values():
        _drop_implied(shape)
    return shapes


def _drop_implied(shape: Shape) -> None:
    """Drop NOT NULL where the primary key says it already, as the statements leave it out."""
    for rule in list(shape.rules):
        columns = rule.removeprefix("PRIMARY KEY (")
        if columns != rule and "," not in columns:
            shape.rules.remove(f"NOT NULL ({columns}")


_TRIGGERS: Final = """
SELECT relname, tgname, tgenabled IN ('O', 'A'), replace(pg_get_triggerdef(t.oid), ? || '.', ''),
  proname, prosrc
FROM pg_trigger t JOIN pg_class ON tgrelid = pg_class.oid JOIN pg_proc ON tgfoid = pg_proc.oid
WHERE relnamespace = to_regnamespace(?) AND NOT tgisinternal
"""
_COLUMNS: Final = """
SELECT relname, attname, upper(format_type(atttypid, atttypmod)), attnotnull, concat_ws(' ',
  'DEFAULT ' || pg_get_expr(adbin, adrelid), CASE WHEN attidentity <> '' THEN 'IDENTITY' END)
FROM pg_class JOIN pg_attribute ON attrelid = pg_class.oid AND attnum > 0 AND NOT attisdropped
  LEFT JOIN pg_attrdef ON adrelid = attrelid AND adnum = attnum
WHERE relnamespace = to_regnamespace(?) AND relkind = 'r' ORDER BY attnum
"""
# Whatever else a table is under: keys and checks, indexes that belong to no key, storage that a
# crash empties, row security, rewriting rules, and tables that inherit from it.
_RULES: Final = """
WITH ours AS (SELECT * FROM pg_class WHERE relnamespace = to_regnamespace(?) AND relkind = 'r')
SELECT relname, pg_get_constraintdef(c.oid) FROM pg_constraint c JOIN ours ON conrelid = ours.oid
  WHERE contype IN ('p', 'u', 'c', 'f', 'x')
UNION ALL SELECT relname, pg_get_indexdef(indexrelid) FROM pg_index JOIN ours ON indrelid = ours.oid
  WHERE NOT indisvalid OR NOT EXISTS (SELECT 1 FROM pg_constraint WHERE conindid = indexrelid)
UNION ALL SELECT relname, 'UNLOGGED' FROM ours WHERE relpersistence <> 'p'
UNION ALL SELECT relname, 'ROW LEVEL SECURITY' FROM ours WHERE relrowsecurity
UNION ALL SELECT relname, 'RULE ' || rulename FROM pg_rewrite JOIN ours ON ev_class = ours.oid
UNION ALL SELECT relname, 'INHERITED BY ' || inhrelid::regclass FROM pg_inherits
  JOIN ours ON inhparent = ours.oid
"""
# Nobody but the owner changes or deletes, may let others in, or makes tables here; and tables
# and schema are one owner's.
_RIGHTS: Final = """
WITH schema AS (SELECT * FROM pg_namespace WHERE nspname = ?),
  ours AS (SELECT c.*, nspowner FROM pg_class c JOIN schema ON relnamespace = schema.oid
    WHERE relkind = 'r'),
  said AS (
    SELECT relname AS place, relowner AS owner, (aclexplode(relacl)).* FROM ours
    UNION ALL SELECT relname || '.' || attname, relowner, (aclexplode(attacl)).* FROM pg_attribute
      JOIN ours ON attrelid = ours.oid
    UNION ALL SELECT nspname, nspowner, (aclexplode(nspacl)).* FROM schema)
SELECT place, CASE WHEN grantee <> 0 THEN pg_get_userbyid(grantee) END, privilege_type, is_grantable
  FROM said WHERE grantee <> owner AND (grantee = 0 OR is_grantable
    OR privilege_type NOT IN ('SELECT', 'INSERT', 'USAGE')
    OR (place = 'journal' AND privilege_type = 'INSERT'))
UNION ALL SELECT relname, pg_get_userbyid(relowner), 'OWNER', false FROM ours
  WHERE relowner <> nspowner
UNION ALL SELECT '*', m.rolname, g.rolname, false FROM pg_auth_members
  JOIN pg_roles g ON g.oid = roleid JOIN pg_roles m ON m.oid = member
  WHERE g.rolname = 'pg_write_all_data'
ORDER BY 1, 2, 3
"""


def loose_rights(connection: Connection) -> list[str]:
    """Return who, beside the owner, may do more than append and read."""
    found = connection.rows(_RIGHTS, (SCHEMA,))
    return [
        f"{where}：{role or '任何人'} 有 {right} 权{'，还可以转授' if granting else ''}。"
        for where, role, right, granting in found
    ]
