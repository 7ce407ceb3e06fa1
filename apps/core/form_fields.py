"""Form fields that accept values as people write them, with errors that say what to change."""

import calendar
import datetime as dt
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import phonenumbers
from django import forms
from django.core.exceptions import ValidationError
from django.utils.datastructures import MultiValueDict
from django.utils.translation import gettext_lazy as _

from apps.core.types import PassedThrough

# The oldest birth year accepted: no living person is older than this many years.
OLDEST = 120
PARTS = ("month", "day", "year")

# Month names in the site's languages; three letters are enough.
MONTHS = {
    "en": "january february march april may june july august september october november december",
    "es": "enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre diciembre",
}


def _month_names() -> dict[str, int]:
    names = {name: number for words in MONTHS.values() for number, name in enumerate(words.split(), 1)}
    short = {name[:3]: number for name, number in names.items()}
    return {**short, **names, "sept": 9, "set": 9, "setiembre": 9}


MONTH_NUMBERS = _month_names()


@dataclass(frozen=True, slots=True)
class BirthDate:
    """A possibly partial birth date: always a year, perhaps a month, perhaps a day of that month."""

    year: int
    month: int | None = None
    day: int | None = None

    @property
    def full(self) -> dt.date | None:
        """Return the calendar day, or None where a part is missing."""
        return dt.date(self.year, self.month, self.day) if self.month and self.day else None

    def __str__(self) -> str:
        return "-".join(f"{part:02d}" for part in (self.year, self.month, self.day) if part)


def month_number(text: str) -> int | None:
    """Return 1 to 12 for "3", "03", "March", "mar." or "marzo"; None for anything else."""
    word = text.strip().strip(".").casefold()
    if word.isdecimal():
        return int(word) if 1 <= int(word) <= 12 else None
    return MONTH_NUMBERS.get(word) or (MONTH_NUMBERS.get(word[:3]) if _is_a_longer_form(word) else None)


def _is_a_longer_form(word: str) -> bool:
    return len(word) > 3 and any(name.startswith(word) for name in MONTH_NUMBERS)


def split_date(text: str) -> list[str] | None:
    """Return [month, day, year] of a full date entered in one field: 3/11/1984, 1984-03-11, March 11, 1984."""
    words = re.findall(r"[^\W\d_]+|\d+", text)
    words = [word for word in words if word.casefold() not in {"de", "del", "of", "th", "st", "nd", "rd"}]
    if len(words) != 3:
        return None
    if len(words[0]) == 4 and words[0].isdecimal():
        return [words[1], words[2], words[0]]
    if words[0].isdecimal() and not words[1].isdecimal():
        return [words[1], words[0], words[2]]
    return words


class BirthDateWidget(forms.MultiWidget):
    """Month, day and year in three fields, in the order of the country; each has its own label."""

    template_name = "widgets/birth_date.html"
    use_fieldset = True

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        numeric = {"inputmode": "numeric"}
        super().__init__(
            {
                "month": forms.TextInput({"autocomplete": "bday-month"}),
                "day": forms.TextInput({"autocomplete": "bday-day", **numeric}),
                "year": forms.TextInput({"autocomplete": "bday-year", **numeric}),
            },
            attrs,
        )

    def decompress(self, value: Any) -> list[Any]:
        """Return the three parts of a BirthDate, a date, or nothing."""
        if value is None:
            return [None, None, None]
        return [getattr(value, part) for part in PARTS]

    def value_from_datadict(
        self, data: Mapping[str, Any], files: MultiValueDict[str, Any], name: str
    ) -> list[str | None]:
        """Return the three parts; split a full date entered or pasted into the first one."""
        typed: list[str | None] = list(super().value_from_datadict(data, files, name))
        month = typed[0]
        whole = split_date(month) if month and not any(typed[1:]) else None
        return [*whole] if whole else typed

    def part_to_fix(self, code: str) -> int:
        """Return the index of the part that an error of this code concerns: the year by default."""
        return {"month": 0, "day": 1}.get(code, 2)


class BirthDateField(forms.MultiValueField):
    """A birth date; month and day may stay empty. Cleans to a BirthDate, or None if not required and empty."""

    widget = BirthDateWidget

    def __init__(self, *, day_required: bool = False, **kwargs: PassedThrough) -> None:
        self.day_required = day_required
        kwargs.setdefault("label", _("Birth date"))
        kwargs.setdefault("help_text", "" if day_required else _("No full date? Leave month and day empty."))
        parts = tuple(forms.CharField(max_length=20, required=False) for _part in PARTS)
        super().__init__(parts, require_all_fields=False, **kwargs)

    def clean(self, value: Any) -> BirthDate | None:
        """Return the birth date, or raise ValidationError that says what to change."""
        month, day, year = ((part or "").strip() for part in (value or ("", "", "")))
        if not (month or day or year):
            if self.required:
                raise ValidationError(_("Type the year you were born, with four digits."), code="required")
            return None
        born = BirthDate(_year(year), _month(month), _day(day))
        self._check(born)
        return born

    def compress(self, data_list: Any) -> Any:
        """Never called: `clean` reads all parts together."""
        raise NotImplementedError

    def _check(self, born: BirthDate) -> None:
        if self.day_required and not (born.month and born.day):
            raise ValidationError(_("Add the month and the day."), code="month")
        if born.day and not born.month:
            raise ValidationError(_("Add the month, or leave the day empty too."), code="month")
        if born.day and born.month:
            _check_calendar(born.year, born.month, born.day)


def _year(text: str) -> int:
    """Return a year of four digits within a lifetime."""
    if not text:
        raise ValidationError(_("Add the year, with four digits."), code="year")
    if re.fullmatch(r"\d\d", text):
        raise ValidationError(
            _("“%(typed)s” could be 18%(typed)s or 19%(typed)s. Type all four digits.")
            if int(text) > dt.date.today().year % 100  # noqa: DTZ011 - a year, not a moment
            else _("“%(typed)s” could be 19%(typed)s or 20%(typed)s. Type all four digits."),
            params={"typed": text},
            code="two_digits",
        )
    if not re.fullmatch(r"\d{4}", text):
        raise ValidationError(_("The birth date needs a year with four digits."), code="year")
    this_year = dt.date.today().year  # noqa: DTZ011
    if int(text) > this_year:
        raise ValidationError(_("%(typed)s is still to come. Check the year."), params={"typed": text}, code="year")
    if int(text) < this_year - OLDEST:
        raise ValidationError(
            _("%(typed)s is more than %(years)d years ago. Check the year."),
            params={"typed": text, "years": OLDEST},
            code="year",
        )
    return int(text)


def _month(text: str) -> int | None:
    if text and month_number(text) is None:
        raise ValidationError(
            _("“%(typed)s” is not a month we know. Type a number from 1 to 12, or the name."),
            params={"typed": text},
            code="month",
        )
    return month_number(text) if text else None


def _day(text: str) -> int | None:
    digits = re.fullmatch(r"(\d{1,2})(st|nd|rd|th|\.)?", text.casefold())
    if text and (digits is None or not 1 <= int(digits[1]) <= 31):
        raise ValidationError(
            _("“%(typed)s” is not a day. Type a number from 1 to 31."), params={"typed": text}, code="day"
        )
    return int(digits[1]) if digits else None


def _check_calendar(year: int, month: int, day: int) -> None:
    days = calendar.monthrange(year, month)[1]
    if day > days:
        raise ValidationError(
            _("That month had %(days)d days in %(year)s. Check the day."),
            params={"days": days, "year": str(year)},
            code="day",
        )
    if dt.date(year, month, day) > dt.date.today():  # noqa: DTZ011
        raise ValidationError(_("This date is still to come. Check month and day."), code="future")


class ZipField(forms.CharField):
    """A ZIP code; takes 00417, 00417-1234 and 004171234, cleans to the five digits."""

    def __init__(self, **kwargs: PassedThrough) -> None:
        kwargs.setdefault("label", _("ZIP code"))
        kwargs.setdefault("max_length", 12)
        super().__init__(**kwargs)

    def widget_attrs(self, widget: forms.Widget) -> dict[str, Any]:
        """Request the numeric keyboard and autocomplete; ten characters fit the long form."""
        return {**super().widget_attrs(widget), "inputmode": "numeric", "autocomplete": "postal-code"}

    def to_python(self, value: Any) -> str:
        """Return five digits or the empty string."""
        text = super().to_python(value) or ""
        digits = re.sub(r"[\s-]", "", text)
        if not digits:
            return ""
        if not digits.isascii() or not digits.isdecimal():
            raise ValidationError(_("A ZIP code has only digits, five of them."), code="letters")
        if len(digits) not in {5, 9}:
            raise ValidationError(
                _("A ZIP code has five digits. You typed %(number)d."),
                params={"number": len(digits)},
                code="length",
            )
        return digits[:5]


class PhoneField(forms.CharField):
    """A phone number of the North American plan unless it begins with +; cleans to E.164 (+12025550117)."""

    widget = forms.TextInput(attrs={"type": "tel"})

    def __init__(self, **kwargs: PassedThrough) -> None:
        kwargs.setdefault("label", _("Phone"))
        kwargs.setdefault("max_length", 40)
        super().__init__(**kwargs)

    def widget_attrs(self, widget: forms.Widget) -> dict[str, Any]:
        """Request the telephone keyboard and autocomplete."""
        return {**super().widget_attrs(widget), "inputmode": "tel", "autocomplete": "tel"}

    def to_python(self, value: Any) -> str:
        """Return the number in E.164, or the empty string."""
        text = super().to_python(value) or ""
        if not text:
            return ""
        try:
            number = phonenumbers.parse(text, "US")
        except phonenumbers.NumberParseException:
            number = None
        if number is None or not phonenumbers.is_possible_number(number):
            raise ValidationError(_("Type the number with its area code, like 202-555-0117."), code="phone")
        return str(phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164))
