"""Settings of the demo and of development on one machine. Secrets are generated on the first start."""

from settings import env
from settings.base import *

DEBUG = env.flag("DEBUG")
INSTALLED_APPS = [*INSTALLED_APPS, "apps.demo"]
