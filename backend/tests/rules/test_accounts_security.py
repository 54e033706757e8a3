"""Hashes, tokens, signatures, forged requests, and the arithmetic of rate limits."""

import asyncio
import threading

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.core import security
from app.core.errors import InvalidInput, TooManyRequests
from app.core.ratelimit import MAX_LOCAL_KEYS, MINUTE_US, LocalLimits, admit, network_of

SIGNER = security.Signer("a secret of the tests, long enough")
PAYLOADS = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**53), 2**53)
    | st.text(st.characters(codec="utf-8")),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text("abc"), inner, max_size=4),
    max_leaves=10,
)


@given(st.lists(PAYLOADS) | st.dictionaries(st.text("abc"), PAYLOADS))
def test_a_signed_payload_comes_back_as_it_was(payload):
    assert SIGNER.unsign("cursor", SIGNER.sign("cursor", payload)) == payload


@given(st.integers(0), st.sampled_from("Aab0_-."))
def test_an_altered_token_is_refused(position, character):
    token = SIGNER.sign("cursor", ["2026-03-02", 17])
    position %= len(token)
    altered = token[:position] + character + token[position + 1 :]
    # The last character of base64 carries spare bits; all others count.
    if altered != token and position != len(token) - 1:
        with pytest.raises(InvalidInput):
            SIGNER.unsign("cursor", altered)


@given(st.text())
def test_no_text_at_all_breaks_the_signer(token):
    with pytest.raises(InvalidInput) as caught:
        SIGNER.unsign("cursor", token, field="after")
    assert caught.value.field == "after"


def test_a_token_of_another_purpose_or_another_secret_is_refused():
    token = SIGNER.sign("cursor", [1])
    for signer, purpose in ((SIGNER, "card"), (security.Signer("another secret"), "cursor")):
        with pytest.raises(InvalidInput):
            signer.unsign(purpose, token)


async def test_a_password_matches_its_own_hash_and_no_other():
    hashed = await security.hash_password("kopi tubruk")
    assert await security.verify_password("kopi tubruk", hashed)
    assert not await security.verify_password("kopi tubruk ", hashed)
    assert await security.hash_password("kopi tubruk") != hashed


async def test_what_follows_the_72nd_byte_or_a_zero_byte_counts():
    for first, second in (("x" * 72 + "a", "x" * 72 + "b"), ("abc\x00def1", "abc\x00def2")):
        hashed = await security.hash_password(first)
        assert await security.verify_password(first, hashed)
        assert not await security.verify_password(second, hashed)


async def test_the_same_letters_from_another_keyboard_match():
    composed, decomposed = "caf\u00e9 lancar", "cafe\u0301 lancar"
    assert await security.verify_password(decomposed, await security.hash_password(composed))


async def test_something_that_is_no_hash_matches_nothing():
    assert not await security.verify_password("anything", "not-a-hash")


async def test_hashing_happens_in_the_one_thread_for_it():
    assert (await security._in_thread(threading.current_thread)).name.startswith("bcrypt")
    assert security._executor._max_workers == 1


async def test_more_hashes_than_can_be_done_soon_are_refused():
    waiting = [
        asyncio.create_task(security.hash_password("kopi tubruk"))
        for _ in range(security.MAX_WAITING_HASHES + 3)
    ]
    results = await asyncio.gather(*waiting, return_exceptions=True)
    refused = [result for result in results if isinstance(result, TooManyRequests)]
    assert len(refused) == 3
    assert await security.hash_password("kopi tubruk")


def test_tokens_are_long_distinct_and_stored_as_32_bytes():
    tokens = {security.new_token() for _ in range(100)}
    assert len(tokens) == 100
    assert all(len(token) == 43 and len(security.hash_token(token)) == 32 for token in tokens)


@pytest.mark.parametrize(
    ("method", "headers", "is_refused"),
    [
        ("GET", {"sec-fetch-site": "cross-site"}, False),
        ("POST", {"sec-fetch-site": "same-origin"}, False),
        ("POST", {"sec-fetch-site": "none"}, False),
        ("POST", {"sec-fetch-site": "same-site"}, True),
        ("DELETE", {"sec-fetch-site": "cross-site"}, True),
        ("POST", {"sec-fetch-site": "cross-site", "origin": "https://a.id", "host": "a.id"}, True),
        ("POST", {"origin": "https://a.id", "host": "a.id"}, False),
        ("POST", {"origin": "http://a.id:8000", "host": "a.id:8000"}, False),
        ("POST", {"origin": "https://a.id.evil.com", "host": "a.id"}, True),
        ("PATCH", {"origin": "null", "host": "a.id"}, True),
        ("POST", {"host": "a.id"}, False),
    ],
)
def test_a_write_on_behalf_of_another_site_is_recognised(method, headers, is_refused):
    assert security.is_cross_origin(method, headers) is is_refused


@given(st.integers(1, 50), st.lists(st.integers(0, 5_000_000), min_size=1, max_size=300))
@settings(max_examples=50)
def test_no_minute_sees_more_than_twice_the_allowance_and_the_wait_is_honest(per_minute, gaps):
    interval = MINUTE_US // per_minute
    allowance = interval * per_minute
    full_at, now, admitted = 0, 10**15, []
    for gap in gaps:
        now += gap
        full_at, wait = admit(full_at, now, interval, allowance)
        if wait == 0:
            admitted.append(now)
        else:
            assert 0 < wait <= interval
            assert admit(full_at, now + wait - 1, interval, allowance)[1] > 0
            assert admit(full_at, now + wait, interval, allowance)[1] == 0
    for start in admitted:
        assert sum(start <= moment < start + MINUTE_US for moment in admitted) <= 2 * per_minute


@pytest.mark.parametrize("per_minute", [1, 3, 7, 600])
def test_the_whole_allowance_may_be_used_at_once_and_comes_back_evenly(per_minute):
    limits, now, interval = LocalLimits(), 10**15, MINUTE_US // per_minute
    allowance = interval * per_minute
    assert all(limits.wait_us("k", interval, allowance, now) == 0 for _ in range(per_minute))
    assert limits.wait_us("k", interval, allowance, now) == interval
    assert limits.wait_us("k", interval, allowance, now + interval) == 0
    assert limits.wait_us("k", interval, allowance, now + interval) > 0
    assert limits.wait_us("other", interval, allowance, now) == 0


def test_the_local_limits_forget_whom_they_have_not_seen_for_longest():
    limits, one = LocalLimits(), (MINUTE_US, MINUTE_US, 10**15)
    assert limits.wait_us("first", *one) == 0
    for number in range(MAX_LOCAL_KEYS):
        limits.wait_us(f"key {number}", *one)
    assert limits.wait_us("first", *one) == 0
    assert limits.wait_us(f"key {MAX_LOCAL_KEYS - 1}", *one) > 0


@pytest.mark.parametrize(
    ("address", "network"),
    [
        ("203.0.113.9", "203.0.113.9"),
        ("::ffff:203.0.113.9", "203.0.113.9"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("unknown", "unknown"),
    ],
)
def test_an_ipv6_client_is_known_by_its_network(address, network):
    assert network_of(address) == network
