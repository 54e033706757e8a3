"""The address of a PostgreSQL server, as libpq and managed providers write it."""

import re
import ssl
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Self
from urllib.parse import quote, unquote, urlencode

from sqlalchemy import URL

# The password may hold any character: it ends at the first @ that the rest of an address follows.
_FORM = re.compile(
    r"(?:postgresql|postgres|postgresql\+asyncpg)://"
    r"(?:(?P<user>[^:@/]*)(?::(?P<password>.*?))?@)?(?P<hosts>[^@/?]*)"
    r"(?:/(?P<database>[^@?]*))?(?:\?(?P<query>(?:\w+=[^&]*&?)*))?",
    re.DOTALL,
)
_PLACE = re.compile(r"(\[[0-9A-Fa-f:.%]+\]|[^\[\]:]*)(?::(\d*))?")
_PORTS = range(1, 65536)
SSL_MODES = ("disable", "allow", "prefer", "require", "verify-ca", "verify-full")
FILES = ("sslrootcert", "sslcert", "sslkey", "sslcrl", "passfile")
# What asyncpg reads from an address by itself, in libpq's sense, and what it hands to the server.
_READ_BY_DRIVER = {
    *("host", "port", "user", "password", "dbname", "service", "sslmode", "sslnegotiation"),
    *("sslpassword", "ssl_min_protocol_version", "ssl_max_protocol_version", "krbsrvname"),
    *("target_session_attrs", "application_name", "options", *FILES),
}
# Values of other parameters that ask for nothing but what happens anyway.
_WITHOUT_EFFECT = {
    "channel_binding": {"disable", "prefer"},
    "client_encoding": {"utf8", "utf-8", "auto"},
    "gssencmode": {"disable", "prefer"},
    "load_balance_hosts": {"disable"},
    "sslcompression": {"0"},
    "sslsni": {"1"},
}
_UNKNOWN = (
    "this parameter is not supported; leave it out"
    " (a setting of the server goes into options=-c%20name%3Dvalue)"
)
_ADVICE = {
    "channel_binding": "the driver, asyncpg, cannot require it; leave it out"
    " (sslmode=verify-full proves the server as well)",
    "pgbouncer": "leave it out; see “PgBouncer” in docs/configuration.md",
}


@dataclass(frozen=True)
class Address:
    """A parsed address. `str` of it has no password."""

    hosts: str
    """As written: host:port, several with commas; empty for libpq's default."""
    database: str
    user: str
    parameters: Mapping[str, str] = field(repr=False)
    password: str = field(repr=False)

    @classmethod
    def of(cls, url: str) -> Self:
        """Parse `url`. Raises ValueError, naming the part or parameter that cannot be honoured."""
        found = _FORM.fullmatch(url)
        if found is None:
            raise ValueError("must look like postgresql+asyncpg://user:password@host:port/database")
        parts = {name: unquote(text or "") for name, text in found.groupdict().items()}
        parameters = _parameters(found["query"] or "")
        _check_hosts(found["hosts"] or parameters.get("host", ""), parameters.get("port", ""))
        named = {name: parameters.pop(name, "") for name in ("dbname", "user", "password")}
        return cls(
            hosts=found["hosts"],
            database=parts["database"] or named["dbname"],
            user=parts["user"] or named["user"],
            password=parts["password"] or named["password"],
            parameters=parameters,
        )

    def __str__(self) -> str:
        return self.hosts or self.parameters.get("host", "localhost")

    def at(self, database: str) -> Self:
        """Return the address of another database of the same server."""
        return replace(self, database=database)

    def url(self, scheme: str = "postgresql+asyncpg") -> str:
        """Return the address as a URL; with the scheme `postgresql` it is what asyncpg reads."""
        secret = f":{quote(self.password, safe='')}" if self.password else ""
        login = f"{quote(self.user, safe='')}{secret}@" if self.user or secret else ""
        query = urlencode(self.parameters, quote_via=quote)
        path = f"/{quote(self.database, safe='')}" if self.database else ""
        return f"{scheme}://{login}{self.hosts}{path}" + (f"?{query}" if query else "")

    def display(self) -> URL:
        """Return the address in SQLAlchemy's form, to be looked at: of several hosts the first."""
        name, port = _place(self.hosts.partition(",")[0])
        return URL.create(
            "postgresql+asyncpg",
            username=self.user or None,
            password=self.password or None,
            host=name.strip("[]") or None,
            port=port,
            database=self.database or None,
            query=dict(self.parameters),
        )

    def options(self) -> dict[str, Any]:
        """Return the keyword arguments of `asyncpg.connect`, apart from our own settings."""
        parameters = dict(self.parameters)
        seconds = float(parameters.pop("connect_timeout", 10))
        options: dict[str, Any] = {"timeout": seconds if seconds > 0 else None}
        name = parameters.pop("application_name", "lancar")
        if parameters.get("sslrootcert") == "system":
            del parameters["sslrootcert"]
            options["ssl"] = ssl.create_default_context()
            if "sslcert" in parameters:
                options["ssl"].load_cert_chain(
                    parameters["sslcert"],
                    parameters.get("sslkey"),
                    parameters.get("sslpassword", ""),
                )
        address = replace(self, parameters=parameters)
        return options | {
            "dsn": address.url("postgresql"),
            "server_settings": {"application_name": name},
        }


def _parameters(query: str) -> dict[str, str]:
    """Return the parameters that have an effect; raise ValueError for those that cannot have it."""
    parameters: dict[str, str] = {}
    for pair in filter(None, query.split("&")):
        name, _, value = (unquote(part) for part in pair.partition("="))
        name = {"ssl": "sslmode", "database": "dbname"}.get(name, name)
        if name in parameters:
            raise ValueError(f"{name} is given twice")
        if name == "sslmode":
            value = {"true": "require", "false": "disable"}.get(value.lower(), value)
        if value and not _is_without_effect(name, value):
            parameters[name] = value
    if parameters.get("sslrootcert") == "system" and (
        parameters.setdefault("sslmode", "verify-full") != "verify-full"
    ):
        raise ValueError("sslrootcert=system needs sslmode=verify-full")
    return parameters


def _is_without_effect(name: str, value: str) -> bool:
    """Return whether a parameter may be left out; raise ValueError if it cannot be honoured."""
    if name == "sslmode" and value not in SSL_MODES:
        raise ValueError(f"sslmode={value}: it is one of {', '.join(SSL_MODES)}")
    if name == "connect_timeout" and not re.fullmatch(r"-?\d+", value):
        raise ValueError(f"connect_timeout={value}: it is a whole number of seconds")
    if name in _READ_BY_DRIVER or name == "connect_timeout":
        return False
    if value.lower() in _WITHOUT_EFFECT.get(name, ()):
        return True
    raise ValueError(f"{name}: {_ADVICE.get(name, _UNKNOWN)}")


def _place(text: str) -> tuple[str, int | None]:
    """Return host and port of one host of an address; raise ValueError when it is none."""
    found = _PLACE.fullmatch(text)
    port = found[2] if found else "?"
    if found is None or (port and int(port) not in _PORTS):
        raise ValueError(f"{text} is no host:port (an IPv6 address stands in brackets)")
    return found[1], int(port) if port else None


def _check_hosts(hosts: str, ports: str) -> None:
    for host in hosts.split(","):
        if not host.startswith("/"):  # a folder of sockets
            _place(unquote(host) if "%2F" not in host.upper() else "localhost")
    for port in filter(None, ports.split(",")):
        if not port.isdecimal() or int(port) not in _PORTS:
            raise ValueError(f"port={port}: it is a number from 1 to 65535")
