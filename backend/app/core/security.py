"""Password hashes, session tokens and signed opaque tokens; no decision about who may do what."""

import asyncio
import hashlib
import hmac
import secrets
import unicodedata
from base64 import b64encode
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from functools import cache, partial
from typing import Any, TypeVar

import bcrypt
from itsdangerous import BadData, URLSafeSerializer

from app.core.config import get_settings
from app.core.errors import InvalidInput, TooManyRequests

T = TypeVar("T")

TOKEN_BYTES = 32
# One thread: bcrypt uses a whole core, and the event loop needs the other one. What cannot be
# hashed within about five seconds is refused: each waiting sign-in holds a database connection.
MAX_WAITING_HASHES = 16
_executor = ThreadPoolExecutor(max_workers=1, thread_name_prefix="bcrypt")
_waiting = 0


async def hash_password(password: str) -> str:
    """Return the bcrypt hash of `password`, computed off the event loop.

    Raises TooManyRequests when too many hashes are waiting already.
    """
    salt = partial(bcrypt.gensalt, get_settings().BCRYPT_COST)
    return await _in_thread(lambda: bcrypt.hashpw(_digest(password), salt()).decode())


async def verify_password(password: str, password_hash: str) -> bool:
    """Return whether `password` is the one that was hashed, computed off the event loop.

    Something that is no bcrypt hash matches nothing. Raises TooManyRequests as `hash_password`.
    """
    return await _in_thread(lambda: _matches(password, password_hash))


def _matches(password: str, password_hash: str) -> bool:
    try:
        return bcrypt.checkpw(_digest(password), password_hash.encode())
    except ValueError:
        return False


def _digest(password: str) -> bytes:
    """Return 44 bytes that stand for the whole password.

    bcrypt reads 72 bytes at most and stops at a zero byte, so it is given the base64 of an
    HMAC-SHA-256. The key is public: it only keeps hashes leaked elsewhere from being tried here.
    NFC, because the same letters typed on another keyboard may be composed differently (RFC 8265).
    """
    normal = unicodedata.normalize("NFC", password).encode("utf-8", "surrogatepass")
    return b64encode(hmac.digest(b"lancar.password", normal, "sha256"))


async def _in_thread(work: Callable[[], T]) -> T:
    global _waiting  # noqa: PLW0603 - guards the one executor of the process
    if _waiting >= MAX_WAITING_HASHES:
        raise TooManyRequests
    _waiting += 1
    try:
        return await asyncio.get_running_loop().run_in_executor(_executor, work)
    finally:
        _waiting -= 1


def new_token() -> str:
    """Return a session token: 32 random bytes as base64url."""
    return secrets.token_urlsafe(TOKEN_BYTES)


def hash_token(token: str) -> bytes:
    """Return the SHA-256 of a session token, which is all that is stored of it."""
    return hashlib.sha256(token.encode("utf-8", "surrogatepass")).digest()


class Signer:
    """Signs JSON payloads (HMAC-SHA-256), so that clients can carry state but not change it.

    The payload is readable by its holder; sign nothing secret. A token of one purpose is not
    accepted for another.
    """

    def __init__(self, secret: str) -> None:
        self._secret = secret
        self._serializers: dict[str, URLSafeSerializer] = {}

    def sign(self, purpose: str, payload: dict[str, Any] | list[Any]) -> str:
        """Return a URL-safe token that carries `payload`."""
        return self._serializer(purpose).dumps(payload)

    def unsign(self, purpose: str, token: str, *, field: str = "token") -> Any:
        """Return the payload of a token made by `sign` for the same purpose.

        Raises InvalidInput, naming `field`, when it was made otherwise or altered.
        """
        try:
            return self._serializer(purpose).loads(token)
        except (BadData, UnicodeError) as error:
            raise InvalidInput(
                f"The {field} is not one that was given out.", field=field
            ) from error

    def _serializer(self, purpose: str) -> URLSafeSerializer:
        serializer = self._serializers.get(purpose)
        if serializer is None:
            serializer = self._serializers[purpose] = URLSafeSerializer(
                self._secret,
                salt=f"lancar.{purpose}",
                signer_kwargs={"digest_method": hashlib.sha256, "key_derivation": "hmac"},
            )
        return serializer


@cache
def signer() -> Signer:
    """Return the signer of this process, over `SECRET_KEY`."""
    return Signer(get_settings().SECRET_KEY.get_secret_value())


def is_cross_origin(method: str, headers: Mapping[str, str]) -> bool:
    """Return whether a browser sends this unsafe request on behalf of another site (CSRF).

    `headers` are looked up in lower case. Sec-Fetch-Site decides where the browser sends it (all
    since 2023, on TLS and localhost), otherwise Origin must name our host. Without either it is no
    browser, and then nobody else's cookie is in play. After Filippo Valsorda, "Cross-Site Request
    Forgery", 2025, as in Go's net/http.CrossOriginProtection.
    """
    if method in {"GET", "HEAD", "OPTIONS"}:
        return False
    site = headers.get("sec-fetch-site")
    if site is not None:
        return site not in {"same-origin", "none"}
    origin = headers.get("origin")
    return origin is not None and origin.partition("://")[2] != headers.get("host")
