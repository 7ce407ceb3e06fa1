"""Tasks of the queue `match`: look-ups, claims, suppression requests and partner lists."""

from apps.api.lists import services as lists
from apps.jobs import task_names
from apps.jobs.tasks import define_task
from apps.verification import roll_updates, services, suppression_requests

run_lookup = define_task(task_names.RUN_LOOKUP, services.run_attempt)
check_claims = define_task(task_names.CHECK_CLAIMS, roll_updates.check_claims)
retry_lookups = define_task(task_names.RETRY_LOOKUPS, roll_updates.retry_attempts)
check_claim = define_task(task_names.CHECK_CLAIM, roll_updates.check_queued_claim)
suppress = define_task(task_names.SUPPRESS, suppression_requests.process_requests)
match_list_part = define_task(task_names.MATCH_LIST_PART, lists.match_part)
