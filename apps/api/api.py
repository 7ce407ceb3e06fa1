"""The API object: its routers, error handlers and published schema."""

from typing import Any

from ninja import NinjaAPI

from apps.core.types import PassedThrough

from . import districts, divisions, officials, problems
from .lists import routes as lists

DESCRIPTION = """Districts and representatives for any point, address or ZIP code, on any date.

Every response names the boundary file (vintage) it is based on. Points and addresses are accepted in POST bodies
only; they are never logged or stored. The voter rolls are used only for lists, and only after the owner approved a
list's purpose. A key has a daily budget, and each operation states its cost; a request that exceeds the budget is
refused with 429 and Retry-After."""


class Api(NinjaAPI):
    """A Ninja API whose schema states the media types actually sent."""

    def get_openapi_schema(self, **options: PassedThrough) -> Any:
        """Return the schema, with problem JSON for errors and GeoJSON for outlines."""
        schema = super().get_openapi_schema(**options)
        for path, methods in schema["paths"].items():
            for operation in methods.values():
                for status, response in operation["responses"].items():
                    _set_media_type(response, int(status), path)
        return schema


def _set_media_type(response: dict[str, Any], status: int, path: str) -> None:
    media_type = divisions.GEOJSON if path.endswith("/outline") else "application/json"
    content = response.get("content", {})
    if "application/json" in content:
        content[problems.MEDIA_TYPE if status >= 400 else media_type] = content.pop("application/json")


api = Api(
    title="Votekin districts",
    version="1",
    description=DESCRIPTION,
    urls_namespace="api",
    openapi_url="/openapi.json",
    # Ninja's pages need inline scripts or a third-party host; the reference at /api/ is plain HTML.
    docs_url=None,
)
problems.register_error_handlers(api)
api.add_router("/districts", districts.router)
api.add_router("/divisions", divisions.router)
api.add_router("/officials", officials.router)
api.add_router("/lists", lists.router)
