"""A partner's lists: hand one in, see how far they are. Their answers are a CSV, see `download`."""

from datetime import datetime
from typing import Annotated, Literal, cast
from uuid import UUID

from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.views.decorators.http import require_GET
from ninja import Router, Schema
from ninja.errors import HttpError
from pydantic import ConfigDict, Field, model_validator

from ..authentication import KeyFor, pay
from ..models import ApiKey
from ..problems import Problems, problem
from ..schemas.requests import nothing_else
from . import services
from .models import PartnerList

SCOPE = "lists"
MOST_PEOPLE = 5_000
SHOWN = 100
router = Router(auth=KeyFor(SCOPE), tags=["lists"])
Text = Annotated[str, Field(max_length=200, strict=True, pattern=r"^[^\x00-\x1f\x7f]*$")]
State = Literal["waiting", "running", "done", "refused", "stopped"]
QueryId = Annotated[str, Field(strict=True, pattern=r"^[A-Za-z0-9_.:-]{1,64}$")]


class ListRow(Schema):
    """One person as the partner knows them."""

    model_config = ConfigDict(extra="forbid")
    query_id: QueryId
    full_name: Text = ""
    first_name: Text = ""
    middle_name: Text = ""
    last_name: Text = ""
    suffix: Text = ""
    dob: Text = ""
    birth_year: Text = ""
    sex: Text = ""
    address: Text = ""
    city: Text = ""
    state: Text = ""
    zip: Text = ""
    phone: Text = ""
    email: Text = ""


class ListAsked(Schema):
    """A list, and what it is for."""

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
    people: list[ListRow] = Field(min_length=1, max_length=MOST_PEOPLE)

    @model_validator(mode="after")
    def each_id_once(self) -> "ListAsked":
        """An answer is found by its id."""
        if len({row.query_id for row in self.people}) < len(self.people):
            raise ValueError("people: a query_id stands twice; each may stand once.")
        return self


class ListAnswer(Schema):
    """How far a list is; `answers` is where its CSV is, once it is done."""

    id: UUID
    state: State
    purpose: str
    people: int
    answered: int
    made_at: datetime
    answers: str | None


class ListsAnswer(Schema):
    """The lists of a key, the newest first."""

    lists: list[ListAnswer]


@router.post("", response={200: ListAnswer, **Problems.POSTED}, summary="Hand in a list of people")
def hand_in(request: HttpRequest, asked: ListAsked) -> ListAnswer:
    """Up to 5,000 people. Nobody is looked up before the owner of this installation approved the purpose; the
    answer to each is a status (registered, unclear, not_found) and the districts of the place you gave, never a
    voter's id or data. Costs 1 a person. Kept 30 days."""
    pay(request, len(asked.people))
    rows = [{name: text for name, text in row.dict().items() if text} for row in asked.people]
    return _shown(services.hand_in(key=_key(request), purpose=asked.purpose, kind=asked.kind, rows=rows))


@router.get("", response={200: ListsAnswer, **Problems.GOT}, summary="My lists")
def lists(request: HttpRequest) -> ListsAnswer:
    """The key's own lists and how far they are. Costs 1."""
    nothing_else(request)
    pay(request)
    mine = PartnerList.objects.filter(key=_key(request)).order_by("-made_at")[:SHOWN]
    return ListsAnswer(lists=[_shown(one) for one in mine])


def _key(request: HttpRequest) -> ApiKey:
    key: ApiKey = request.auth  # type: ignore[attr-defined] # ninja puts what authenticate returned here
    return key


def _shown(one: PartnerList) -> ListAnswer:
    done = one.state == PartnerList.State.DONE
    return ListAnswer(
        id=one.pk,
        state=cast("State", one.state),
        purpose=one.purpose,
        people=one.people,
        answered=services.answered(one),
        made_at=one.made_at,
        answers=f"/api/lists/{one.pk}.csv" if done else None,
    )


@require_GET
def download(request: HttpRequest, list_id: UUID) -> HttpResponse | StreamingHttpResponse:
    """The answers of a list as CSV, for the key that handed it in."""
    try:
        key = router_auth(request)
    except HttpError as error:
        return problem(error.status_code, str(error))
    if key is None:
        hint = "Send a live key: Authorization: Bearer vk_…"
        return problem(401, hint, headers={"WWW-Authenticate": "Bearer"})
    one = PartnerList.objects.filter(pk=list_id, key=key, state=PartnerList.State.DONE).first()
    if one is None:
        return problem(404, "There are no such answers; GET /api/v1/lists says how far your lists are.")
    response = StreamingHttpResponse(services.lines(one), content_type="text/csv; charset=utf-8")
    response.headers["Cache-Control"] = "no-store"
    return response


def router_auth(request: HttpRequest) -> ApiKey | None:
    """Return the live key of a request outside the API; None where there is none."""
    word, _, token = request.headers.get("Authorization", "").partition(" ")
    return KeyFor(SCOPE).authenticate(request, token) if word.lower() == "bearer" and token else None
