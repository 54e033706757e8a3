"""Health, for load balancers and operators. None of it needs an account or tells a secret."""

from typing import Literal

from fastapi import APIRouter, Depends
from pydantic import BaseModel, Field

from app.core.cache import cache
from app.core.database import head_revision
from app.core.errors import Behind
from app.http.deps import CurrentWork, public
from app.http.problems import problems

router = APIRouter(prefix="/health", tags=["health"], dependencies=[Depends(public)])


class Live(BaseModel):
    """The process answers."""

    status: Literal["ok"] = "ok"


class Ready(BaseModel):
    """Requests can be served. The cache only makes it faster."""

    status: Literal["ok"] = "ok"
    revision: str = Field(examples=["0002"])
    cache: Literal["up", "down"]


class Pool(BaseModel):
    """Connections of this process."""

    size: int = Field(description="Connections kept open.", examples=[20])
    checked_in: int = Field(description="Idle ones.", examples=[3])
    checked_out: int = Field(description="Ones in use.", examples=[1])
    overflow: int = Field(description="Open ones beyond `size`.", examples=[0])
    max_overflow: int = Field(examples=[30])


class DatabaseHealth(BaseModel):
    """The database as this process sees it."""

    status: Literal["ok", "behind"] = Field(description="behind: migrations are missing.")
    latency_ms: float = Field(description="One SELECT 1, connection at hand.", examples=[0.41])
    server_version: str = Field(examples=["18.1"])
    revision: str | None = Field(examples=["0002"])
    head: str = Field(
        description="The newest migration that this release brings.", examples=["0002"]
    )
    pool: Pool


@router.get("/live")
async def live() -> Live:
    """Answer while the process lives; restart it when this fails."""
    return Live()


@router.get("/ready", responses=problems(503))
async def ready(work: CurrentWork) -> Ready:
    """Return whether to send requests here: the database answers and is at the newest revision."""
    revision = (await work.database.look()).revision
    if revision is None or revision != head_revision():
        raise Behind
    return Ready(revision=revision, cache="up" if await cache().ping() else "down")


@router.get("/db", responses=problems(503))
async def database_health(work: CurrentWork) -> DatabaseHealth:
    """Return latency, pool and revision of the database, whatever the pool is doing."""
    seen, head = await work.database.look(), head_revision()
    return DatabaseHealth(
        status="ok" if seen.revision == head else "behind",
        latency_ms=round(seen.latency_ms, 3),
        server_version=seen.server_version,
        revision=seen.revision,
        head=head,
        pool=Pool.model_validate(work.database.pool_status(), from_attributes=True),
    )
