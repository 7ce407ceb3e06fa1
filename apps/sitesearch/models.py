"""The embedded index of public content. A migration creates the full-text table with its words."""

from django.db import models


class SearchDocument(models.Model):
    """A searchable public page. Never authoritative: `index_site` rebuilds it."""

    source = models.CharField(max_length=40)
    kind = models.CharField(max_length=40)
    key = models.CharField(max_length=200)
    language = models.CharField(max_length=10, blank=True, help_text="Empty means any.")
    title = models.CharField(max_length=300)
    text = models.TextField(blank=True)
    url = models.CharField(max_length=400)
    facets = models.JSONField(default=dict)
    put_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["kind", "key", "language"], name="sitesearch_document_once")]
        indexes = [models.Index(fields=["source", "put_at"], name="sitesearch_document_put")]

    def __str__(self) -> str:
        return f"{self.kind} {self.key}"


class SearchWord(models.Model):
    """A word of the index, for spelling corrections."""

    word = models.CharField(max_length=60)
    language = models.CharField(max_length=10, blank=True)
    put_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["language", "word"], name="sitesearch_word_once")]

    def __str__(self) -> str:
        return self.word
