"""Elections for operators; what is saved here is kept over later loads."""

from typing import Any

from django.contrib import admin

from .models import Deadline, Election


class DeadlineInline(admin.TabularInline):  # type: ignore[type-arg]
    """The deadlines of an election."""

    model = Deadline
    extra = 0


@admin.register(Election)
class ElectionAdmin(admin.ModelAdmin):  # type: ignore[type-arg]
    """Elections by day."""

    list_display = ("date", "name", "kind", "division", "checked", "edited")
    list_filter = ("kind", "edited")
    readonly_fields = ("edited",)
    inlines = (DeadlineInline,)

    def save_model(self, request: Any, obj: Election, form: Any, change: Any) -> None:
        """A load leaves alone what a person has corrected."""
        obj.edited = True
        super().save_model(request, obj, form, change)
