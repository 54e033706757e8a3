"""The page of components is for developers only."""

from app.core.config import Settings, get_settings
from app.web.routes import components


async def test_the_page_of_components_is_only_there_in_development(client, monkeypatch):
    answer = await client.get("/components")
    assert answer.status_code == 200
    production = get_settings().model_copy(update={"ENVIRONMENT": "production"})
    assert isinstance(production, Settings)
    monkeypatch.setattr(components, "get_settings", lambda: production)
    assert (await client.get("/components")).status_code == 404
