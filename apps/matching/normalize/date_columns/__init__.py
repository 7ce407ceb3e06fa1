"""The one parser of birth dates in columns, for rolls, contacts and lists. Imports neither Django nor a voter roll."""

from apps.matching.normalize.date_columns.column import NO_DATE, DateColumn, DateParts, DateProfile, Order, birth_year

__all__ = ["NO_DATE", "DateColumn", "DateParts", "DateProfile", "Order", "birth_year"]
