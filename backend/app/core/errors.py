"""Errors that people meet: a code, an HTTP status, and a message in English and Indonesian."""

from collections.abc import Mapping
from typing import ClassVar, NoReturn

from sqlalchemy.exc import IntegrityError


class DomainError(Exception):
    """Base of every expected failure. Subclasses set the code, the status and both messages."""

    code: str = "error"
    status: int = 400
    message: ClassVar[str] = "The request could not be carried out."
    message_id: ClassVar[str] = "Permintaan tidak dapat dijalankan."
    retry_after: int | None = None
    """Seconds after which the same request may succeed; sent as Retry-After."""

    def __init__(
        self, detail: str | None = None, detail_id: str | None = None, *, field: str | None = None
    ) -> None:
        super().__init__(detail or self.message)
        self.detail = detail
        self.detail_id = detail_id
        self.field = field

    def text(self, language: str) -> str:
        """Return what happened in `language` ("id" or "en"), as precisely as is known."""
        if language == "id":
            return self.detail_id or self.message_id
        return self.detail or self.message


class NotFound(DomainError):
    """The thing does not exist, or is not the caller's to see."""

    code = "not_found"
    status = 404
    message = "This does not exist, or it is not yours."
    message_id = "Ini tidak ada, atau bukan milikmu."


class Conflict(DomainError):
    """The state of the thing does not allow this."""

    code = "conflict"
    status = 409
    message = "This conflicts with what is already stored."
    message_id = "Ini bertentangan dengan data yang sudah tersimpan."


class InvalidInput(DomainError):
    """A value was refused; `field` names it."""

    code = "invalid_input"
    status = 422
    message = "A value is not valid."
    message_id = "Ada isian yang tidak valid."


class Unauthenticated(DomainError):
    """Nobody is signed in, or the session has ended."""

    code = "unauthenticated"
    status = 401
    message = "Please sign in."
    message_id = "Silakan masuk dulu."


class Forbidden(DomainError):
    """Signed in, but the role does not allow this."""

    code = "forbidden"
    status = 403
    message = "Your account may not do this."
    message_id = "Akunmu tidak diizinkan melakukan ini."


class TooManyRequests(DomainError):
    """A rate limit was reached."""

    code = "too_many_requests"
    status = 429
    message = "Too many requests. Please wait a moment and try again."
    message_id = "Terlalu banyak permintaan. Tunggu sebentar lalu coba lagi."

    def __init__(self, retry_after: int = 1) -> None:
        super().__init__()
        self.retry_after = retry_after


class Unavailable(DomainError):
    """The database cannot be reached at the moment."""

    code = "unavailable"
    status = 503
    message = "The service is not available at the moment. Please try again shortly."
    message_id = "Layanan sedang tidak tersedia. Silakan coba lagi sebentar lagi."
    retry_after = 2


class Behind(Unavailable):
    """The database lacks migrations that this release needs."""

    code = "database_behind"
    message = "The database is not at the revision that this release needs."
    message_id = "Basis data belum sesuai dengan versi aplikasi ini."


def constraint_of(error: IntegrityError) -> str | None:
    """Return the name of the constraint that refused a statement, or None."""
    cause = getattr(error.orig, "__cause__", None)
    name = getattr(cause, "constraint_name", None) or getattr(error.orig, "constraint_name", None)
    return str(name) if name else None


def raise_for(error: IntegrityError, translations: Mapping[str, DomainError]) -> NoReturn:
    """Raise the domain error for the violated constraint, or `error` itself when unknown."""
    translated = translations.get(constraint_of(error) or "")
    if translated is None:
        raise error
    raise translated from error
