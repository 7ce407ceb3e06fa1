"""One machine, one person: what `make demo` and a first look use. Secrets are made on the first start."""

from . import env
from .base import *

DEBUG = env.flag("DEBUG")
