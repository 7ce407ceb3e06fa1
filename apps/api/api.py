"""The API as one object: its routers, its errors, its published schema."""

from typing import Any

from ninja import NinjaAPI

from . import districts, divisions, officials, problems
from .lists import routes as lists

DESCRIPTION = """Districts and representatives for any point, address or ZIP code, on any date.

Every answer names the boundary file (vintage) it comes from. Points and addresses are taken from the body of a POST
only; none is logged or kept. The voter roll is never touched, but for lists:
those are looked up only after the owner approved their purpose. A key has a budget for each day; what an operation
costs stands beside it, and an answer that the budget does not hold is refused with 429 and Retry-After."""


class Api(NinjaAPI):
    """Ninja, with the media types that are really sent in its schema."""

    def get_openapi_schema(self, **options: Any) -> Any:
        """Return the schema; errors are problem JSON, outlines are GeoJSON."""
        schema = super().get_openapi_schema(**options)
        for path, methods in schema["paths"].items():
            for operation in methods.values():
                for status, response in operation["responses"].items():
                    _rename(response, int(status), path)
        return schema


def _rename(response: dict[str, Any], status: int, path: str) -> None:
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
    # Ninja's pages need inline scripts or another host; ours is plain HTML at /api/.
    docs_url=None,
)
problems.install(api)
api.add_router("/districts", districts.router)
api.add_router("/divisions", divisions.router)
api.add_router("/officials", officials.router)
api.add_router("/lists", lists.router)
