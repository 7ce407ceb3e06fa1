"""Measure one step of `bench.services` inside an installation: each step is a process that prints one JSON object.

python -m bench.services_worker members N | jobs N | publish | lag RATE SECONDS
"""

import json
import secrets
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from statistics import quantiles

QUEUE = "default"
LOOK_UP = "match.attempt"


def members(count: int) -> list[str]:
    """Create members who are signed in; return their session cookies."""
    from allauth.account.models import EmailAddress
    from django.test import Client

    from apps.accounts.models import User
    from tests import session_client

    session_client.install()
    stamp = secrets.token_hex(4)
    made = User.objects.bulk_create([User(email=f"{stamp}-{n}@example.org") for n in range(count)])
    EmailAddress.objects.bulk_create([EmailAddress(user=u, email=u.email, verified=True, primary=True) for u in made])
    keys = []
    for one in made:
        client = Client()
        client.force_login(one)
        keys.append(next(cookie.value for name, cookie in client.cookies.items() if "sessionid" in name))
    return keys


def jobs(count: int) -> int:
    """Accept jobs that do nothing, all at once."""
    from apps.jobs import canary
    from apps.jobs.models import Job

    task, stamp = canary.task_name(QUEUE), secrets.token_hex(4)
    rows = [Job(task=task, key=f"{stamp}-{n}", args={"queue": QUEUE}) for n in range(count)]
    return len(Job.objects.bulk_create(rows, batch_size=1_000))


def publish() -> dict[str, float]:
    """Publish waiting jobs, as a relay does; return when the first and the last batch was sent, and how many there
    were.
    """
    from apps.jobs import relay

    relay.publish_batch()  # open the connection first
    began, sent = time.time(), 0
    while some := relay.publish_batch():
        sent += some
    return {"began": began, "ended": time.time(), "sent": sent}


def lag(rate: int, seconds: int) -> dict[str, float]:
    """Accept lookups at a rate, and return how long each waited for the relay: median, 95th percentile and maximum."""
    from apps.accounts.models import User
    from apps.jobs.models import Job
    from apps.verification import services
    from apps.verification.query import VoterQuery
    from apps.verification.quotas import LOOKUPS_PER_ACCOUNT_AND_DAY, Origin
    from tests.demo_server import until

    newest = Job.objects.order_by("-pk").values_list("pk", flat=True).first() or 0
    count, stamp = rate * seconds, secrets.token_hex(4)
    people = [User(email=f"{stamp}-{n}@example.org") for n in range(count // LOOKUPS_PER_ACCOUNT_AND_DAY + 1)]
    owners = User.objects.bulk_create(people)
    began = time.perf_counter()

    def accept(n: int) -> None:
        time.sleep(max(0.0, began + n / rate - time.perf_counter()))
        typed = VoterQuery(
            first_name="Ada", last_name=f"Arbor{n}", dob="1980-02-03", address=f"{n} Mill Street", zip="00417"
        )
        # No person and no network sends two at once: a quota counts one at a time.
        network = f"{stamp}.{n % (count // 30 + 1)}"
        services.look_up(member=owners[n % len(owners)], query=typed, origin=Origin(network))

    with ThreadPoolExecutor(4) as hands:
        list(hands.map(accept, range(count)))
    took = time.perf_counter() - began

    mine = Job.objects.filter(pk__gt=newest, task=LOOK_UP)
    sent = until(lambda: not mine.filter(published_at=None, attempts=0).exists(), 120)
    waits = [
        (published - created).total_seconds()
        for created, published in mine.exclude(published_at=None).values_list("created_at", "published_at")
    ]
    return {
        "accepted a second": round(count / took, 1),
        "all sent": sent,
        "p50_ms": round(1000 * quantiles(waits, n=2)[0]),
        "p95_ms": round(1000 * quantiles(waits, n=20)[-1]),
        "max_ms": round(1000 * max(waits)),
    }


def main() -> None:
    """Run one step."""
    import django

    django.setup()
    steps = {"members": members, "jobs": jobs, "publish": publish, "lag": lag}
    step, *arguments = sys.argv[1:]
    print(json.dumps(steps[step](*map(int, arguments))))


if __name__ == "__main__":
    main()
