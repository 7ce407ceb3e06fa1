"""Tasks of the queue `import`: contacts are imported, fetched, undone and checked again."""

from apps.contacts.imports import oauth_import
from apps.contacts.imports import runner as import_runner
from apps.contacts.services import erasure, rechecks
from apps.jobs import task_names
from apps.jobs.tasks import define_task

import_chunk = define_task(task_names.IMPORT_CHUNK, import_runner.run_import)
fetch_contacts = define_task(task_names.FETCH_CONTACTS, oauth_import.fetch_pages)
revoke_token = define_task(task_names.REVOKE_TOKEN, oauth_import.revoke_token)
undo_import = define_task(task_names.UNDO_IMPORT, erasure.run_undo)
recheck_contacts = define_task(task_names.RECHECK_CONTACTS, rechecks.recheck)
