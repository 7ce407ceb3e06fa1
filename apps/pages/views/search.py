"""Search of public pages, open to everyone; stores no query."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language
from django.views.decorators.http import require_http_methods

from apps.core.errors import BackendUnavailable
from apps.sitesearch.base import MAX_HITS, PAGE_SIZE, Results, site_search

from ..forms import SearchForm
from ..labels import DOCUMENT_KINDS


@require_http_methods(["GET", "HEAD", "POST"])
def search(request: HttpRequest) -> HttpResponse:
    """Find public pages. A POST, because people enter names and addresses anywhere and URLs are logged."""
    form = SearchForm(request.POST if request.method == "POST" else None)
    if not form.is_valid():
        return render(request, "pages/search.html", {"form": form})
    query, kind, page = form.cleaned_data["q"], form.cleaned_data["kind"], form.cleaned_data["page"] or 1
    language = (get_language() or "en")[:2]
    try:
        results = site_search().search(query, language=language, kind=kind or None, offset=(page - 1) * PAGE_SIZE)
        everything = site_search().search(query, language=language, limit=1) if kind else results
    except BackendUnavailable:
        return render(request, "pages/search.html", {"form": form, "away": True}, status=503)
    context = {
        "form": form,
        "found": results,
        "query": query,
        "kind": kind,
        "kinds": _kind_counts(everything),
        "all": everything.total,
        "most": MAX_HITS,
        "first": (page - 1) * PAGE_SIZE + 1,
        "last": (page - 1) * PAGE_SIZE + len(results.hits),
        "before": page - 1,
        "after": page + 1 if page * PAGE_SIZE < results.total else 0,
    }
    return render(request, "pages/search.html", context)


def _kind_counts(results: Results) -> list[tuple[str, str, int]]:
    counts = results.facets.get("kind", {})
    return [(kind, str(label), counts[kind]) for kind, label in DOCUMENT_KINDS.items() if kind in counts]
