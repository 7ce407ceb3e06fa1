"""The keys of members, wrapped. Their wrapping keys are files outside the database and its backups."""

from django.db import models


class MemberKey(models.Model):
    """Store the key of one member's fields, encrypted with the wrapping key `wrapped_by`.

    No foreign key: the row goes before the member's other rows, and a restored backup may bring either back.
    """

    member_id = models.BigIntegerField(primary_key=True)
    wrapped = models.BinaryField(max_length=60)
    wrapped_by = models.CharField(max_length=40, db_index=True)

    def __str__(self) -> str:
        return f"key of member {self.member_id}"
