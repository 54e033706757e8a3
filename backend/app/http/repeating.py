"""Reads that outlast a restart of the database server: GET is answered again after a fault."""

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app.core.database import retry

SECONDS = 5


class RepeatReads:
    """Answers a GET again after a passing fault of the database, while nothing has been sent.

    GET changes nothing that matters (RFC 9110, 9.2.1), so this one place serves every page and
    every read of the API. Other methods are repeated only where their work is known to allow it.
    """

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one connection."""
        if scope["type"] != "http" or scope["method"] != "GET":
            await self.app(scope, receive, send)
            return
        scope.setdefault("state", {})  # shared by every attempt, and by who answers a failure
        is_begun = False

        async def note_start(message: Message) -> None:
            nonlocal is_begun
            is_begun = True
            await send(message)

        async def attempt() -> Exception | None:
            try:
                await self.app(dict(scope), receive, note_start)
            except Exception as error:
                if is_begun:
                    return error
                raise
            return None

        too_late = await retry(attempt, idempotent=True, seconds=SECONDS)
        if too_late is not None:
            raise too_late
