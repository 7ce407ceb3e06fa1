"""Tasks of the queue `match`: lookups, claims, suppression requests and partner lists."""

from apps.api.lists import services as lists
from apps.jobs import task_names
from apps.jobs.tasks import define_task
from apps.verification import letters, roll_updates, services, suppression_requests

run_lookup = define_task(task_names.RUN_LOOKUP, services.run_attempt)
notify_new_roll = define_task(task_names.NOTIFY_NEW_ROLL, roll_updates.notify_members)
address_letter = define_task(task_names.ADDRESS_LETTER, letters.address_letter)
suppress = define_task(task_names.SUPPRESS, suppression_requests.process_requests)
match_list_part = define_task(task_names.MATCH_LIST_PART, lists.match_part)
