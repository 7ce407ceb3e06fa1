"""Search of the public pages. No account; only what every visitor may read can be found, and nothing typed is kept."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language
from django.views.decorators.http import require_http_methods

from apps.core.errors import BackendUnavailable
from apps.sitesearch.base import MAX_HITS, PAGE_SIZE, Results, site_search

from ..forms import SearchForm
from ..labels import KINDS


@require_http_methods(["GET", "HEAD", "POST"])
def search(request: HttpRequest) -> HttpResponse:
    """Find public pages by words. A POST, since people type names and addresses into any box, and links are kept."""
    form = SearchForm(request.POST if request.method == "POST" else None)
    if not form.is_valid():
        return render(request, "pages/search.html", {"form": form})
    query, kind, page = form.cleaned_data["q"], form.cleaned_data["kind"], form.cleaned_data["page"] or 1
    language = (get_language() or "en")[:2]
    try:
        found = site_search().search(query, language=language, kind=kind or None, offset=(page - 1) * PAGE_SIZE)
        everything = site_search().search(query, language=language, limit=1) if kind else found
    except BackendUnavailable:
        return render(request, "pages/search.html", {"form": form, "away": True}, status=503)
    context = {
        "form": form,
        "found": found,
        "query": query,
        "kind": kind,
        "kinds": _kinds(everything),
        "all": everything.total,
        "most": MAX_HITS,
        "first": (page - 1) * PAGE_SIZE + 1,
        "last": (page - 1) * PAGE_SIZE + len(found.hits),
        "before": page - 1,
        "after": page + 1 if page * PAGE_SIZE < found.total else 0,
    }
    return render(request, "pages/search.html", context)


def _kinds(found: Results) -> list[tuple[str, str, int]]:
    counts = found.facets.get("kind", {})
    return [(kind, str(word), counts[kind]) for kind, word in KINDS.items() if kind in counts]
