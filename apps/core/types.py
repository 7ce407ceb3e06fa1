"""Names for values whose type is decided at run time."""

from typing import Any, TypeAlias

from django.utils.functional import Promise

# What argparse parsed for a management command; each command knows the types of its own options.
OptionValue: TypeAlias = Any
# A value of a JSON, YAML, GeoJSON or Parquet file, before it is checked.
FileValue: TypeAlias = Any
# Arguments that an override passes through to the base class of a library, whose signature may grow.
PassedThrough: TypeAlias = Any
# A text, translated when it is shown.
StrOrPromise: TypeAlias = str | Promise
