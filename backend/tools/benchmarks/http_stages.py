"""What the application does with a submitted review, stage by stage, in processor time.

Each stage is run by itself in this process on real requests, one after the other. What the whole
costs more than its stages is the framework: routing, middleware, the log line, the answer's bytes.
"""

import os
from collections.abc import Awaitable, Callable, Sequence
from contextlib import redirect_stderr
from pathlib import Path
from time import process_time
from typing import Any
from urllib.parse import urlsplit

from app.api.v1.schemas.reviews import ReviewIn
from app.core.clock import utcnow
from app.core.config import get_settings
from app.core.telemetry import configure_logging
from app.core.work import Work
from app.domain.accounts import sessions
from app.domain.srs import reviewing
from app.http.deps import limit_requests
from app.main import create_app
from tools.benchmarks.environment import Bench

Submission = tuple[str, bytes]
"""A session token, and the body of a review that its learner submits."""
Stage = Callable[[Submission], Awaitable[object]]


class Direct:
    """Calls the application without a network, as its server would."""

    def __init__(self) -> None:
        settings = get_settings().model_copy(update={"ENVIRONMENT": "production"})
        with redirect_stderr(Path(os.devnull).open("w", encoding="utf-8")):
            configure_logging(settings)
        self._app = create_app()

    async def send(self, method: str, path: str, token: str, body: bytes = b"") -> bytes:
        """Return the body of the answer; raise AssertionError when it is not 200."""
        parts = urlsplit(path)
        scope: dict[str, Any] = {
            "type": "http",
            "asgi": {"version": "3.0"},
            "http_version": "1.1",
            "scheme": "http",
            "method": method,
            "path": parts.path,
            "raw_path": parts.path.encode(),
            "query_string": parts.query.encode(),
            "root_path": "",
            "headers": [(b"host", b"bench"), (b"cookie", f"lancar_session={token}".encode())],
            "client": ("127.0.0.1", 1),
            "server": ("bench", 80),
        }
        answer: list[dict[str, Any]] = []

        async def receive() -> dict[str, Any]:
            return {"type": "http.request", "body": body, "more_body": False}

        async def send(message: dict[str, Any]) -> None:
            answer.append(message)

        await self._app(scope, receive, send)
        content = b"".join(message.get("body", b"") for message in answer[1:])
        assert answer[0]["status"] == 200, content
        return content


async def microseconds(stage: Stage, submissions: Sequence[Submission]) -> float:
    """Return the mean processor time of `stage` in this process, over each of `submissions`."""
    started = process_time()
    for submission in submissions:
        await stage(submission)
    return 1e6 * (process_time() - started) / len(submissions)


async def by_stage(
    bench: Bench, direct: Direct, submissions: Sequence[Submission]
) -> dict[str, float]:
    """Return the microseconds of one request by stage; half of `submissions` go to the whole."""
    half = len(submissions) // 2
    token = submissions[0][0]
    account = await sessions.find_account(Work(bench.ours), token, utcnow())
    assert account is not None

    async def whole(submission: Submission) -> object:
        return await direct.send("POST", "/api/v1/reviews", *submission)

    async def check_session(submission: Submission) -> object:
        return await sessions.find_account(Work(bench.ours), submission[0], utcnow())

    async def count_request(_: Submission) -> object:
        return await limit_requests(account, "bench")

    async def read_body(submission: Submission) -> object:
        return ReviewIn.model_validate_json(submission[1])

    async def submit(submission: Submission) -> object:
        owner = await sessions.find_account(Work(bench.ours), submission[0], utcnow())
        assert owner is not None
        body = ReviewIn.model_validate_json(submission[1])
        return await reviewing.submit_review(
            Work(bench.ours),
            owner,
            review_id=body.id,
            card_id=body.card_id,
            rating=body.rating,
            duration_ms=body.duration_ms,
            state_token=body.state_token,
            now=utcnow(),
        )

    total = await microseconds(whole, submissions[:half])
    found = {
        "session check (Valkey)": await microseconds(check_session, submissions),
        "rate limit": await microseconds(count_request, submissions),
        "reading the body": await microseconds(read_body, submissions),
    }
    both = await microseconds(submit, submissions[half:])
    found["token, FSRS and the statement"] = (
        both - found["session check (Valkey)"] - found["reading the body"]
    )
    found["framework: routing, middleware, log, answer"] = total - sum(found.values())
    return found | {"the application in all": total}
