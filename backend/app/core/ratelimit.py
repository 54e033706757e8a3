"""Rate limits, counted in Valkey for all processes, or in this one while Valkey is down.

The generic cell rate algorithm (GCRA; ITU-T I.371, Annex A): the whole allowance of a minute may
be used at once, and then comes back evenly. One number per key, the time at which the allowance
will be complete again, says everything.
"""

import math
import time
from collections import OrderedDict
from ipaddress import IPv4Address, ip_address, ip_network

from app.core.cache import cache
from app.core.config import get_settings
from app.core.errors import TooManyRequests

MINUTE_US = 60_000_000
MAX_LOCAL_KEYS = 10_000

# Returns 0 when admitted, else the microseconds to wait. The clock is Valkey's own. Keeping the key
# until its allowance is complete is enough: a missing key means a complete one.
_GCRA = """
local time = redis.call('TIME')
local now = time[1] * 1000000 + time[2]
local full_at = math.max(tonumber(redis.call('GET', KEYS[1]) or '0'), now) + tonumber(ARGV[1])
local wait = full_at - tonumber(ARGV[2]) - now
if wait > 0 then return wait end
redis.call('SET', KEYS[1], string.format('%.0f', full_at), 'PX', math.ceil((full_at - now) / 1000))
return 0
"""


def admit(full_at: int, now: int, interval: int, allowance: int) -> tuple[int, int]:
    """Return when the allowance is complete again, and how long to wait (0: admitted).

    `full_at` is the value returned for the request before (0 at first), `interval` the time in
    which the allowance for one request comes back, `allowance` the time for all of them. All are
    whole microseconds: fractions would refuse the last request of an allowance now and then.
    """
    next_full_at = max(full_at, now) + interval
    wait = next_full_at - allowance - now
    return (full_at, wait) if wait > 0 else (next_full_at, 0)


class LocalLimits:
    """The same in this process; the least recently used of many keys are forgotten."""

    def __init__(self) -> None:
        self._full_at: OrderedDict[str, int] = OrderedDict()

    def wait_us(self, key: str, per_minute: int, now: int) -> int:
        """Return how many microseconds `key` has to wait; 0 when admitted."""
        full_at = self._full_at.pop(key, 0)
        self._full_at[key], wait = admit(full_at, now, *_cell(per_minute))
        if len(self._full_at) > MAX_LOCAL_KEYS:
            self._full_at.popitem(last=False)
        return wait


_local = LocalLimits()


def _cell(per_minute: int) -> tuple[int, int]:
    interval = MINUTE_US // per_minute
    return interval, interval * per_minute


async def limit(name: str, key: str, per_minute: int) -> None:
    """Count one request of `key` against the limit `name`.

    Raises TooManyRequests, with the seconds to wait, when `per_minute` are used up.
    """
    full_key = f"limit:{name}:{key}"
    wait = await cache().run(_GCRA, full_key, *_cell(per_minute))
    if wait is None:
        wait = _local.wait_us(full_key, per_minute, time.monotonic_ns() // 1000)
    if wait > 0:
        raise TooManyRequests(math.ceil(wait / 1_000_000))


def network_of(address: str) -> str:
    """Return what one client can choose freely from: an IPv4 address, or an IPv6 /64 network."""
    try:
        parsed = ip_address(address)
    except ValueError:
        return address
    if isinstance(parsed, IPv4Address):
        return str(parsed)
    return str(parsed.ipv4_mapped or ip_network((parsed, 64), strict=False))


async def limit_sign_in(*, address: str | None = None, email: str | None = None) -> None:
    """Count an attempt to sign in or up against the client's address and the account's.

    Raises TooManyRequests.
    """
    per_minute = get_settings().SIGN_IN_LIMIT_PER_MINUTE
    if address is not None:
        await limit("sign-in-address", address, per_minute)
    if email is not None:
        await limit("sign-in-email", email, per_minute)


async def limit_requests(key: str) -> None:
    """Count an API request of a user (or of an address, signed out). Raises TooManyRequests."""
    await limit("requests", key, get_settings().RATE_LIMIT_PER_MINUTE)
