"""Pages that start an import: file, pasted list, one person; then the preview. Stores nothing before confirmation."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt, csrf_protect
from django.views.decorators.http import require_http_methods, require_POST

from apps.accounts.requests import MemberRequest
from apps.contacts.forms import (
    COLUMN_GROUPS,
    DATE_ORDER_LABELS,
    FIELD_LABELS,
    KIND_LABELS,
    FileForm,
    PasteForm,
    PersonForm,
    choices_from_post,
)
from apps.contacts.imports import oauth_import, persistence, previews
from apps.contacts.models import Import
from apps.contacts.oauth import enabled_providers
from apps.contacts.parsing import RawContact
from apps.contacts.parsing.headers import MAPPABLE_FIELDS
from apps.contacts.parsing.phones import format_phone
from apps.contacts.parsing.types import MAX_FILE_BYTES
from apps.core.errors import Refused

from .oauth import allow_oauth_form_action

# Size of the form's other parts and headers.
FORM_OVERHEAD_BYTES = 64 * 1024
MAX_BAD_ROWS = 20


@csrf_exempt
@allow_oauth_form_action
@login_required
def choose(request: MemberRequest) -> HttpResponse:
    """Show the ways to import, or accept a file; reject too large an upload before reading it.

    The size check precedes the CSRF check, because looking for the token reads the whole upload; nothing else happens
    before the CSRF check.
    """
    if int(request.META.get("CONTENT_LENGTH") or 0) > MAX_FILE_BYTES + FORM_OVERHEAD_BYTES:
        too_large = Refused(_("The file is larger than 100 MB. Leave out photos, or split it."))
        return _render_choose(request, _add_refusal(FileForm({}), too_large, "file"), status=413)
    return _choose_protected(request)


@csrf_protect
@require_http_methods(["GET", "HEAD", "POST"])
def _choose_protected(request: MemberRequest) -> HttpResponse:
    if request.method != "POST":
        return _render_choose(request, FileForm())
    form = FileForm(request.POST, request.FILES)
    if form.is_valid():
        file = form.cleaned_data["file"]
        try:
            draft = previews.start_file(owner=request.user, stream=file.file, file_name=file.name or "")
        except Refused as error:
            _add_refusal(form, error, "file")
        else:
            return redirect("contacts:import", draft.pk)
    return _render_choose(request, form, status=422)


def _add_refusal(form: FileForm, error: Refused, field: str) -> FileForm:
    """Add a refusal to its field, validating the form first if necessary."""
    form.is_valid()
    form.errors.pop(field, None)
    form.add_error(field, str(error))
    return form


def _render_choose(request: MemberRequest, form: FileForm, status: int = 200) -> HttpResponse:
    return render(
        request,
        "contacts/bring.html",
        {"form": form, "until": persistence.contact_expiry(), "providers": enabled_providers()},
        status=status,
    )


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def paste_list(request: MemberRequest) -> HttpResponse:
    """Accept a pasted list."""
    form = PasteForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            draft = previews.start_text(owner=request.user, text=form.cleaned_data["text"])
        except Refused as error:
            form.add_error("text", str(error))
        else:
            return redirect("contacts:import", draft.pk)
    return render(request, "contacts/paste.html", {"form": form}, status=422 if form.errors else 200)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def add_person(request: MemberRequest) -> HttpResponse:
    """Accept one person; the form is its own preview."""
    form = PersonForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            contact_import = previews.add_person(owner=request.user, contact=form.contact())
        except Refused as error:
            form.add_error(None, str(error))
        else:
            return redirect("contacts:import", contact_import.pk)
    return render(request, "contacts/one.html", {"form": form}, status=422 if form.errors else 200)


def render_preview(request: MemberRequest, draft: Import, status: int = 200) -> HttpResponse:
    """Render the preview: recognized columns, first people, unreadable rows. Called by the page of an import."""
    facts = previews.preview_facts(draft)
    bad = previews.bad_rows(draft)
    columns = [
        {"number": number, "header": header, "field": field, "example": example}
        for number, header, field, example in facts.get("columns", [])
        if example
    ]
    context = {
        "draft": draft,
        "facts": facts,
        "first": [
            (person, [*map(format_phone, person.phones)])
            for person in map(RawContact.from_data, facts.get("first", []))
        ],
        "known": _summarize_columns(columns),
        "columns": columns,
        "unused": sum(not column["field"] for column in columns),
        "fields": [(field, FIELD_LABELS[field]) for field in MAPPABLE_FIELDS],
        "date_orders": _describe_date_orders(facts),
        "date_order": next(iter(facts.get("date_orders", {}).values()), ""),
        "date_choices": list(DATE_ORDER_LABELS.items()) if _has_dates(columns) else [],
        "skipped": [(KIND_LABELS.get(kind, kind), number) for kind, number in facts.get("skipped", {}).items()],
        "skipped_first": [
            (line, KIND_LABELS.get(kind, kind), name) for line, kind, name in facts.get("skipped_first", [])
        ],
        "unread": [
            (column, sum(forms.values()), forms, facts["unread_lines"][column])
            for column, forms in facts.get("unread", {}).items()
        ],
        "bad": bad[:MAX_BAD_ROWS],
        "more_bad": max(0, len(bad) - MAX_BAD_ROWS),
    }
    return render(request, "contacts/preview.html", context, status=status)


def _has_dates(columns: list[dict[str, Any]]) -> bool:
    return any(column["field"] == "birthday" for column in columns)


def _describe_date_orders(facts: dict[str, Any]) -> list[tuple[str, Any]]:
    """Return columns of dates with the order in which they were read."""
    return [(column, DATE_ORDER_LABELS[order]) for column, order in facts.get("date_orders", {}).items()]


def _summarize_columns(columns: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return recognized columns by group, each with headers and examples."""
    groups = []
    for label, fields in COLUMN_GROUPS.items():
        group = [column for column in columns if column["field"] in fields]
        if group:
            headers = ", ".join(column["header"] for column in group)
            examples = ", ".join(dict.fromkeys(column["example"] for column in group))
            groups.append({"word": label, "headers": headers, "example": examples})
    return groups


@login_required
@require_POST
def map_columns(request: MemberRequest, import_id: int) -> HttpResponse:
    """Read the table again with the owner's column mapping."""
    draft = get_object_or_404(Import.objects.owned_by(request.user), pk=import_id, state=Import.State.DRAFT)
    choices = choices_from_post(request.POST, previews.preview_facts(draft).get("columns", []))
    try:
        previews.map_columns(draft=draft, choices=choices)
    except Refused as error:
        messages.warning(request, str(error))
    return redirect("contacts:import", import_id)


@login_required
@require_POST
def confirm(request: MemberRequest, import_id: int) -> HttpResponse:
    """Confirm or discard the preview. Safe to press twice."""
    draft = get_object_or_404(Import.objects.owned_by(request.user), pk=import_id)
    if "discard" in request.POST:
        oauth_import.stop_fetch(import_id=draft.pk, reason="stopped")
        previews.discard(draft=draft)
        messages.info(request, _("The preview is gone. Nothing was kept."))
        return redirect("contacts:bring")
    try:
        previews.confirm(draft=draft)
    except Refused as error:
        messages.warning(request, str(error))
    return redirect("contacts:import", import_id)
