"""Endpoints of a partner's lists: submit one, see their progress, and download the results as CSV."""

from datetime import datetime
from typing import Annotated, Literal, cast
from uuid import UUID

from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.views.decorators.http import require_GET
from ninja import Router, Schema
from ninja.errors import HttpError
from pydantic import ConfigDict, Field, model_validator

from apps.core.errors import BadInput

from ..authentication import ApiKeyAuth, charge
from ..http_caching import json_response
from ..models import ApiKey
from ..problems import ProblemStatuses, problem_response
from ..schemas.requests import reject_unknown_parameters
from . import review, services
from .models import PartnerList

SCOPE = "lists"
MAX_PEOPLE = 5_000
MAX_LISTS = 100
router = Router(auth=ApiKeyAuth(SCOPE), tags=["lists"])
TextField = Annotated[str, Field(max_length=200, strict=True, pattern=r"^[^\x00-\x1f\x7f]*$")]
State = Literal["waiting", "running", "done", "refused", "stopped"]
QueryId = Annotated[str, Field(strict=True, pattern=r"^[A-Za-z0-9_.:-]{1,64}$")]


class ListRow(Schema):
    """One person, as the partner's records have them."""

    model_config = ConfigDict(extra="forbid")
    query_id: QueryId
    full_name: TextField = ""
    first_name: TextField = ""
    middle_name: TextField = ""
    last_name: TextField = ""
    suffix: TextField = ""
    dob: TextField = ""
    birth_year: TextField = ""
    sex: TextField = ""
    address: TextField = ""
    city: TextField = ""
    state: TextField = ""
    zip: TextField = ""
    phone: TextField = ""
    email: TextField = ""


class ListRequest(Schema):
    """A list and its purpose."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={
            "example": {
                "purpose": "Remind our members to update their registration",
                "kind": "form",
                "people": [{"query_id": "1", "first_name": "Ada", "last_name": "Arbor", "zip": "00501"}],
            }
        },
    )
    purpose: Annotated[str, Field(min_length=10, max_length=200, strict=True, pattern=r"^[^\x00-\x1f\x7f]*$")]
    kind: Literal["form", "contact"] = "form"
    date_order: Literal["", "month", "day", "year"] = ""
    people: list[ListRow] = Field(min_length=1, max_length=MAX_PEOPLE)

    @model_validator(mode="after")
    def each_id_once(self) -> "ListRequest":
        """Raise ValueError for a repeated query_id: results are identified by it."""
        if len({row.query_id for row in self.people}) < len(self.people):
            raise ValueError("people: a query_id occurs twice; each must be unique.")
        return self


class ListStatus(Schema):
    """The progress of a list; `answers` is the path of its CSV once the list is done.

    `date_order` says what was read first in birth dates, `unread_dates` counts the ones that cannot be read by form:
    9 stands for a digit, A for a letter. These people are looked up without a birth date.
    """

    id: UUID
    state: State
    purpose: str
    people: int
    answered: int
    made_at: datetime
    answers: str | None
    date_order: str
    unread_dates: dict[str, int]


class ListsResponse(Schema):
    """The lists of a key, newest first."""

    lists: list[ListStatus]


@router.post("", response={200: ListStatus, **ProblemStatuses.POST}, summary="Submit a list of people")
def create_list(request: HttpRequest, body: ListRequest) -> HttpResponse:
    """Submit up to 5,000 people, at most three of one name. No one is looked up before two members of staff approve
    the purpose. The result for each person is a status and the districts of the address you gave, never a voter's id
    or data. The status of a form list is registered if name, address and birth date are all those of one registered
    voter, else not_found; that of a contact list may also be unclear. The whole list shows whether day or month comes
    first in `dob`; where it does not, state `date_order`. Costs 1 per person. Lists are deleted after 30 days."""
    rows = [{name: text for name, text in row.dict().items() if text} for row in body.people]
    try:
        review.check_names(rows)
        charge(request, len(rows))
        partner_list = services.submit_list(
            key=_request_key(request), purpose=body.purpose, kind=body.kind, rows=rows, date_order=body.date_order
        )
    except BadInput as error:
        raise HttpError(422, str(error)) from error
    return json_response(_list_status(partner_list))


@router.get("", response={200: ListsResponse, **ProblemStatuses.GET}, summary="My lists")
def lists(request: HttpRequest) -> HttpResponse:
    """Return the key's own lists and their progress. Costs 1."""
    reject_unknown_parameters(request)
    charge(request)
    partner_lists = PartnerList.objects.filter(key=_request_key(request)).order_by("-created_at")[:MAX_LISTS]
    return json_response(ListsResponse(lists=[_list_status(partner_list) for partner_list in partner_lists]))


def _request_key(request: HttpRequest) -> ApiKey:
    key: ApiKey = request.auth  # type: ignore[attr-defined] # Ninja stores the result of authenticate here
    return key


def _list_status(partner_list: PartnerList) -> ListStatus:
    done = partner_list.state == PartnerList.State.DONE
    return ListStatus(
        id=partner_list.pk,
        state=cast("State", partner_list.state),
        purpose=partner_list.purpose,
        people=partner_list.people,
        answered=services.count_matched(partner_list),
        made_at=partner_list.created_at,
        answers=f"/api/lists/{partner_list.pk}.csv" if done else None,
        date_order=partner_list.date_order,
        unread_dates=partner_list.unread_dates,
    )


@require_GET
def download_results(request: HttpRequest, list_id: UUID) -> HttpResponse | StreamingHttpResponse:
    """Return a list's results as CSV, to the key that submitted it."""
    try:
        key = authenticate_request(request)
    except HttpError as error:
        return problem_response(error.status_code, str(error))
    if key is None:
        hint = "Send a live key: Authorization: Bearer vk_…"
        return problem_response(401, hint, headers={"WWW-Authenticate": "Bearer"})
    partner_list = PartnerList.objects.filter(pk=list_id, key=key, state=PartnerList.State.DONE).first()
    if partner_list is None:
        return problem_response(404, "There are no such results; GET /api/v1/lists shows the progress of your lists.")
    response = StreamingHttpResponse(services.csv_lines(partner_list), content_type="text/csv; charset=utf-8")
    response.headers["Cache-Control"] = "no-store"
    return response


def authenticate_request(request: HttpRequest) -> ApiKey | None:
    """Return the live key of a request outside Ninja; None if it has none."""
    scheme, _, token = request.headers.get("Authorization", "").partition(" ")
    return ApiKeyAuth(SCOPE).authenticate(request, token) if scheme.lower() == "bearer" and token else None
