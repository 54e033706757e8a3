"""DATABASE_URL: what is read from it, and what is refused by name."""

import pytest
from pydantic import ValidationError

from app.core.address import Address
from app.core.config import Settings

READ = [
    ("postgresql://u:p@h:5433/d", "u p h:5433 d"),
    ("postgres://u:p@h/d", "u p h d"),
    ("postgresql+asyncpg://u@h", "u  h "),
    ("postgresql://u:p@[::1]:5432/d", "u p [::1]:5432 d"),
    ("postgresql://u:p@h1:5432,h2/d?target_session_attrs=primary", "u p h1:5432,h2 d"),
    ("postgresql://u:p%40ss%2Fw@h/a%20b", "u p@ss/w h a b"),
    ("postgresql://u:p@ss/w?o#r:d%@h/d", "u p@ss/w?o#r:d% h d"),
    ("postgresql://u:p@h/d?application_name=a@b", "u p h d"),
    ("postgresql:///d?host=/run/postgresql&user=u", "u  /run/postgresql d"),
    ("postgresql://u@%2Frun%2Fpostgresql/d", "u  %2Frun%2Fpostgresql d"),
    ("postgresql://h/?dbname=d&user=u&password=p", "u p h d"),
]


@pytest.mark.parametrize(("url", "parts"), READ)
def test_an_address_is_read_as_libpq_reads_it_and_written_so_again(url: str, parts: str):
    address = Address.of(url)
    assert f"{address.user} {address.password} {address} {address.database}" == parts
    again = Address.of(address.url())
    assert again == address
    assert Address.of(address.display().render_as_string(hide_password=False)).user == address.user
    if address.password:
        assert address.password not in f"{address!r} {address}".replace("postgres", "")


def options(query: str) -> dict:
    return Address.of(f"postgresql://u:p@h/d?{query}").options()


def test_the_parameters_of_providers_reach_the_driver():
    neon = options("sslmode=require&channel_binding=prefer&options=endpoint%3Dep-1")
    assert neon["dsn"] == "postgresql://u:p@h/d?sslmode=require&options=endpoint%3Dep-1"
    assert options("ssl=true")["dsn"].endswith("?sslmode=require")
    assert options("ssl=require")["dsn"].endswith("?sslmode=require")
    assert options("application_name=night")["server_settings"] == {"application_name": "night"}
    assert options("")["server_settings"] == {"application_name": "lancar"}
    assert (options("connect_timeout=3")["timeout"], options("")["timeout"]) == (3, 10)
    assert options("connect_timeout=0")["timeout"] is None
    assert options("sslrootcert=system")["ssl"].check_hostname
    for kept in ("sslmode=verify-full&sslrootcert=ca.pem", "sslcert=a&sslkey=b&sslmode=allow"):
        assert options(kept)["dsn"].endswith(f"?{kept}")
    assert options("gssencmode=disable&client_encoding=UTF8")["dsn"] == "postgresql://u:p@h/d"


REFUSED = [
    ("mysql://h/d", "must look like"),
    ("postgresql://u:p@h:port/d", "h:port"),
    ("postgresql://u:p@h:70000/d", "h:70000"),
    ("postgresql://u:p@::1/d", "brackets"),
    ("postgresql://u:p@/d?host=h&port=x", "port=x"),
    ("postgresql://u:p@h/d?sslmode=on", "sslmode=on"),
    ("postgresql://u:p@h/d?sslmode=require&sslmode=allow", "sslmode is given twice"),
    ("postgresql://u:p@h/d?sslmode=require&sslrootcert=system", "sslrootcert"),
    ("postgresql://u:p@h/d?channel_binding=require", "channel_binding: "),
    ("postgresql://u:p@h/d?connect_timeout=soon", "connect_timeout=soon"),
    ("postgresql://u:p@h/d?keepalives_idle=30", "keepalives_idle: "),
    ("postgresql://u:p@h/d?pgbouncer=true", "pgbouncer: "),
    ("postgresql://u:p@h/d?prepared_statement_cache_size=0", "prepared_statement_cache_size: "),
]


@pytest.mark.parametrize(("url", "named"), REFUSED)
def test_what_cannot_be_honoured_is_named_and_no_password_is_shown(url: str, named: str):
    with pytest.raises(ValidationError) as caught:
        Settings(DATABASE_URL=url.replace(":p@", ":hunter2@"))
    (problem,) = caught.value.errors()
    assert problem["loc"] == ("DATABASE_URL",)
    assert named in problem["msg"]
    assert "hunter2" not in problem["msg"]
