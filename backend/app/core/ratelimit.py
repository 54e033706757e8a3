"""Rate limits, counted in Valkey for all processes, or in this one while Valkey is down.

The generic cell rate algorithm (GCRA; ITU-T I.371, Annex A): the whole allowance of a minute may
be used at once, and then comes back evenly. One number per key, the time at which the allowance
will be complete again, says everything. A process takes a second's worth of a large allowance at
a time, because asking for each request would cost more than finding out whose it is.
"""

import math
import time
from ipaddress import IPv4Address, ip_address, ip_network

from cachetools import LRUCache

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
        self._full_at: LRUCache[str, int] = LRUCache(MAX_LOCAL_KEYS)

    def wait_us(self, key: str, interval: int, allowance: int, now: int) -> int:
        """Return how many microseconds `key` has to wait; 0 when admitted. As `admit`."""
        self._full_at[key], wait = admit(self._full_at.get(key, 0), now, interval, allowance)
        return wait


_local = LocalLimits()
_taken: LRUCache[str, int] = LRUCache(MAX_LOCAL_KEYS)  # requests that a key may make unasked


async def limit(name: str, key: str, per_minute: int) -> None:
    """Count one request of `key` against the limit `name`.

    Raises TooManyRequests, with the seconds to wait, when `per_minute` are used up (at most a
    second's worth earlier).
    """
    full_key = f"limit:{name}:{key}"
    left = _taken.pop(full_key, 0)
    if left == 0:
        left = max(1, per_minute // 60)
        await _take(full_key, left, MINUTE_US // per_minute, per_minute)
        left += _taken.pop(full_key, 0)  # another request may have taken some meanwhile
    if left > 1:
        _taken[full_key] = left - 1


async def _take(key: str, requests: int, interval: int, per_minute: int) -> None:
    needed, allowance = requests * interval, per_minute * interval
    wait = await cache().run(_GCRA, key, needed, allowance)
    if wait is None:
        wait = _local.wait_us(key, needed, allowance, time.monotonic_ns() // 1000)
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


async def limit_search(key: str, *, is_stranger: bool) -> None:
    """Count a search of a user, or of an address that is not signed in. Raises TooManyRequests."""
    settings = get_settings()
    if is_stranger:
        await limit("search-strangers", key, settings.SEARCH_LIMIT_STRANGERS_PER_MINUTE)
    else:
        await limit("search", key, settings.SEARCH_LIMIT_PER_MINUTE)


async def limit_downloads(key: str, mebibytes: int) -> None:
    """Count what a user is given of exports and recordings. Raises TooManyRequests."""
    per_minute = get_settings().DOWNLOAD_LIMIT_MIB_PER_MINUTE
    interval = MINUTE_US // per_minute
    await _take(f"limit:downloads:{key}", min(mebibytes, per_minute), interval, per_minute)


async def limit_pages(key: str) -> None:
    """Count a page of a user, with an allowance as large as the API's. Raises TooManyRequests."""
    await limit("pages", key, get_settings().RATE_LIMIT_PER_MINUTE)
