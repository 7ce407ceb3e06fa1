"""Tasks of the queue `rolls`, which run after a roll goes live."""

from apps.jobs import task_names
from apps.jobs.tasks import define_task
from apps.voters import index_sync, refresh

after_live = define_task(task_names.AFTER_LIVE, index_sync.after_live)
check_index = define_task(task_names.CHECK_INDEX, index_sync.check_indexes)
purge_index = define_task(task_names.PURGE_INDEX, index_sync.delete_suppressed)
refresh_rolls = define_task(task_names.REFRESH_ROLLS, refresh.start_refresh_process)
