"""Tasks of the queue `default`, for small jobs of no other queue."""

from apps.accounts import exports, services
from apps.activity import services as activity
from apps.cases import decisions
from apps.jobs import task_names
from apps.jobs.tasks import define_task
from apps.outreach.services import plans
from apps.privacy import registry as privacy
from apps.sitesearch import indexing

retain = define_task(task_names.RETAIN, privacy.retain)
apply_decision = define_task(task_names.APPLY_DECISION, decisions.apply_due)
build_export = define_task(task_names.BUILD_EXPORT, exports.build)
erase_member = define_task(task_names.ERASE_MEMBER, services.erase)
send_reminders = define_task(task_names.SEND_REMINDERS, plans.send_reminders)
index_site = define_task(task_names.INDEX_SITE, indexing.rebuild_index)
store_activity = define_task(task_names.STORE_ACTIVITY, activity.store_activity)
