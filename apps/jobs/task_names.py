"""The names of all tasks, `queue.verb_object`. Job rows store them, so a rename needs a data migration."""

from typing import Final

# default: small jobs of no other queue
RETAIN: Final = "default.retain"
APPLY_DECISION: Final = "default.settle_case"
BUILD_EXPORT: Final = "default.build_export"
ERASE_MEMBER: Final = "default.erase_member"
SEND_REMINDERS: Final = "default.remind"
INDEX_SITE: Final = "default.index_site"
STORE_ACTIVITY: Final = "default.note_activity"
# import: contacts
IMPORT_CHUNK: Final = "import.chunk"
FETCH_CONTACTS: Final = "import.fetch"
REVOKE_TOKEN: Final = "import.revoke"  # noqa: S105 - a task name
UNDO_IMPORT: Final = "import.undo"
RECHECK_CONTACTS: Final = "import.recheck"
# mail: outgoing email
SEND_NOTICE: Final = "mail.send_notice"
SEND_EMAIL: Final = "mail.send_mail"
# match: lookups, claims and partner lists
RUN_LOOKUP: Final = "match.attempt"
NOTIFY_NEW_ROLL: Final = "match.watch"
ADDRESS_LETTER: Final = "match.letter"
SUPPRESS: Final = "match.hide"
MATCH_LIST_PART: Final = "match.partner_list"
# rolls: after a roll goes live
AFTER_LIVE: Final = "rolls.after_live"
CHECK_INDEX: Final = "rolls.check_index"
PURGE_INDEX: Final = "rolls.purge_index"
REFRESH_ROLLS: Final = "rolls.refresh"
