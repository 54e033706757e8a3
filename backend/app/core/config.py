"""Settings, from the environment and `.env`; `docs/configuration.md` is generated from them."""

from functools import cache
from pathlib import Path
from typing import Literal, Self

from pydantic import Field, SecretStr, field_validator, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict
from redis.asyncio.connection import parse_url

from app.core.address import Address

BACKEND = Path(__file__).resolve().parents[2]
CONTENT = BACKEND.parent / "content"
MIN_SECRET_LENGTH = 32
INSECURE_SECRET = "development-only-secret-change-me"  # noqa: S105 - refused outside development


class Settings(BaseSettings):
    """Every setting, with its default and its meaning."""

    model_config = SettingsConfigDict(
        env_file=(BACKEND.parent / ".env", BACKEND / ".env"), extra="ignore", frozen=True
    )

    ENVIRONMENT: Literal["development", "production"] = Field(
        "development", description="Where this runs. Outside development, secrets must be set."
    )
    DATABASE_URL: str | None = Field(
        None,
        description=(
            "PostgreSQL 15 or newer, as postgresql+asyncpg://user:password@host:port/database "
            "(postgresql:// is accepted, and ?sslmode=require and the like as libpq has them). "
            "Empty: the embedded server."
        ),
    )
    DATABASE_OWNER_URL: str | None = Field(
        None,
        description=(
            "The same database as its owner, for migrations and commands, where DATABASE_URL is a "
            "login with fewer rights. The processes that serve pages never see it. Empty: "
            "DATABASE_URL."
        ),
    )
    DATABASE_POOL_SIZE: int = Field(
        20, ge=1, le=1000, description="Connections that each worker process keeps open."
    )
    DATABASE_MAX_OVERFLOW: int = Field(
        30, ge=0, le=1000, description="Further connections under load, closed again after use."
    )
    DATABASE_POOL_TIMEOUT_SECONDS: float = Field(
        10, gt=0, description="How long a request waits for a free connection before a 503."
    )
    DATABASE_STATEMENT_TIMEOUT_MS: int = Field(
        15_000, ge=0, description="Longest statement the application may run; 0 turns it off."
    )
    DATABASE_ROLE: str = Field(
        "lancar_app",
        description=(
            "Role that the application's connections assume: it cannot change the append-only "
            "logs. Made by the migrations. Empty: stay the connecting user."
        ),
    )
    REDIS_URL: str | None = Field(
        None, description="Valkey or Redis, as redis://host:port/0. Empty: the embedded server."
    )
    SECRET_KEY: SecretStr = Field(
        SecretStr(INSECURE_SECRET),
        description="Signs cursors and review tokens; at least 32 random characters.",
    )
    LANCAR_HOME: Path | None = Field(
        None,
        description=(
            "Data directory of the embedded servers. Empty: ~/.local/share/lancar "
            "(as root: /var/lib/lancar), with one instance for each checkout."
        ),
    )
    DEMO_HISTORY_DAYS: int = Field(
        60,
        ge=0,
        le=365,
        description="In development: how many days the demo learner has studied; 0 for none.",
    )
    HOST: str = Field("127.0.0.1", description="Address on which pages and API are served.")
    PORT: int = Field(8000, ge=1, le=65535, description="Port on which they are served.")
    WORKERS: int = Field(1, ge=1, le=64, description="Server processes.")
    SESSION_DAYS: int = Field(30, ge=1, le=365, description="Days until a sign-in ends.")
    BCRYPT_COST: int = Field(12, ge=4, le=16, description="Work factor of password hashes.")
    RATE_LIMIT_PER_MINUTE: int = Field(
        600, ge=1, description="API requests a minute for one user (or one address, signed out)."
    )
    SIGN_IN_LIMIT_PER_MINUTE: int = Field(
        10, ge=1, description="Sign-in and sign-up attempts a minute for one address."
    )
    BODY_PAUSE_SECONDS: float = Field(
        30, gt=0, description="Longest pause while the body of a request arrives, before a 408."
    )
    BODY_SECONDS: float = Field(
        600, gt=0, description="Longest time for a whole body, before a 408."
    )
    SEARCH_LIMIT_PER_MINUTE: int = Field(
        60, ge=1, description="Searches a minute for one user, counted apart from other requests."
    )
    SEARCH_LIMIT_STRANGERS_PER_MINUTE: int = Field(
        20, ge=1, description="Searches a minute for one address that is not signed in."
    )
    SEARCH_TIMEOUT_MS: int = Field(
        2_000, ge=1, description="Longest statement of a search; one that takes longer answers 503."
    )
    DOWNLOAD_LIMIT_MIB_PER_MINUTE: int = Field(
        120, ge=4, description="Mebibytes of exports and recordings a minute for one user."
    )
    TRUSTED_PROXIES: int = Field(
        0,
        ge=0,
        le=10,
        description="Reverse proxies in front: how many X-Forwarded-For entries to believe.",
    )
    DATABASE_SLOW_QUERY_MS: int = Field(
        500, ge=0, description="Statements that take longer are logged; 0 turns it off."
    )
    LOG_LEVEL: Literal["debug", "info", "warning", "error"] = Field(
        "info", description="Least severe log record that is written."
    )

    @field_validator(
        "DATABASE_URL", "DATABASE_OWNER_URL", "REDIS_URL", "LANCAR_HOME", mode="before"
    )
    @classmethod
    def _empty_means_unset(cls, value: object) -> object:
        return None if value == "" else value

    @field_validator("DATABASE_URL", "DATABASE_OWNER_URL")
    @classmethod
    def _use_asyncpg(cls, value: str | None) -> str | None:
        return None if value is None else Address.of(value).url()

    @field_validator("REDIS_URL")
    @classmethod
    def _require_redis(cls, value: str | None) -> str | None:
        if value is not None:
            try:
                parse_url(value)
            except ValueError as error:
                raise ValueError(
                    f"must look like redis://:password@host:port/0: {error}"
                ) from error
        return value

    @model_validator(mode="after")
    def _no_default_secret_outside_development(self) -> Self:
        secret = self.SECRET_KEY.get_secret_value()
        if self.ENVIRONMENT == "production" and (
            secret == INSECURE_SECRET or len(secret) < MIN_SECRET_LENGTH
        ):
            raise ValueError(
                "SECRET_KEY is at its default or shorter than 32 characters. Set one, for "
                "example from: python3 -c 'import secrets; print(secrets.token_urlsafe(48))'"
            )
        return self

    @model_validator(mode="after")
    def _no_owner_of_another_database(self) -> Self:
        if self.DATABASE_OWNER_URL and not self.DATABASE_URL:
            raise ValueError("DATABASE_OWNER_URL is set and DATABASE_URL is not: set both")
        return self

    @property
    def owner_url(self) -> str | None:
        """The address of the configured database as its owner; None for the embedded one."""
        return self.DATABASE_OWNER_URL or self.DATABASE_URL

    @property
    def is_development(self) -> bool:
        """Whether demo accounts and destructive commands are allowed."""
        return self.ENVIRONMENT == "development"


@cache
def get_settings() -> Settings:
    """Return the settings of this process (read once)."""
    return Settings()
