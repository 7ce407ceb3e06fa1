"""One machine, one person: what `make demo` and a first look use. Secrets are made on the first start."""

from settings import env
from settings.base import *

DEBUG = env.flag("DEBUG")
