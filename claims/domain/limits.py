"""How often something may happen: buckets that fill steadily and hold a burst, counted for all processes together.

They stand in Redis where ``REDIS_URL`` names one, else in a small table. A Redis that is away closes nothing: for a
second the table counts in its place. Names of buckets are kept as keyed digests, so that neither place holds an address.
"""

from __future__ import annotations

import contextlib
import functools
import logging
import math
import time

import redis
from django.conf import settings
from django.db import IntegrityError, transaction
from django.db.models import F, Value
from django.db.models.functions import Greatest
from django.utils.crypto import salted_hmac

from claims.models import RateBucket

logger = logging.getLogger(__name__)

_SECONDS = {"s": 1, "m": 60, "h": 3600, "d": 86_400}
# After a failure Redis is left alone this long, so that a broker that is away costs one short try and not each request.
REST_SECONDS = 1.0
_resting_until = 0.0

# One number for each bucket: the moment at which it will be full again. Read, judged and written in one step.
_TAKE = """
local full_at = tonumber(redis.call('GET', KEYS[1]) or '0')
local now, drop, room = tonumber(ARGV[1]), tonumber(ARGV[2]), tonumber(ARGV[3])
local after = math.max(full_at, now) + drop
if after - now > room then return string.format('%.6f', after - now - room) end
redis.call('SET', KEYS[1], string.format('%.6f', after), 'EX', math.ceil(after - now) + 1)
return '0'
"""

_GIVE_BACK = """
local full_at = redis.call('GET', KEYS[1])
if full_at then redis.call('SET', KEYS[1], string.format('%.6f', tonumber(full_at) - tonumber(ARGV[1])), 'KEEPTTL') end
return 0
"""


def per_second(rate: str) -> float:
    """``1200/min`` as events for each second."""
    number, _slash, period = rate.partition("/")
    return int(number) / _SECONDS[period[:1]]


def take(name: str, rate: str, burst: int) -> float:
    """Take one from the bucket ``name``.

    Args:
        name: whose bucket it is, such as ``api:token:7``.
        rate: how fast it fills, such as ``120/min``.
        burst: how much it holds.

    Returns:
        0.0 where there was one to take, else the seconds until there is.
    """
    fill = per_second(rate)
    if fill <= 0:
        return 3600.0
    drop = 1 / fill
    room, key = burst * drop + 1e-6, _key(name)  # a microsecond of grace: moments are kept to the microsecond
    if settings.LIMITS_REDIS_URL and time.monotonic() >= _resting_until:
        wait = _take_from_redis(key, drop, room)
        if wait is not None:
            return wait
    return _take_from_table(key, drop, room)


def give_back(name: str, rate: str) -> None:
    """Put one back into the bucket ``name``: what it was taken for turned out not to count."""
    key, drop = _key(name), 1 / per_second(rate)
    if settings.LIMITS_REDIS_URL and time.monotonic() >= _resting_until:
        with contextlib.suppress(redis.RedisError, OSError):  # it fills by itself
            _client(settings.LIMITS_REDIS_URL).eval(_GIVE_BACK, 1, f"limit:{key}", drop)
        return
    RateBucket.objects.filter(key=key).update(full_at=F("full_at") - Value(drop))


def forget_old() -> int:
    """Drop the rows of buckets that are full; how many."""
    return RateBucket.objects.filter(full_at__lt=_now()).delete()[0]


def _now() -> float:
    return time.time()


def _key(name: str) -> str:
    return salted_hmac("claims.limits", name, algorithm="sha256").hexdigest()[:40]


@functools.lru_cache(maxsize=2)
def _client(url: str) -> redis.Redis:
    address = url.replace("redis+socket://", "unix://", 1)
    return redis.Redis.from_url(address, socket_timeout=0.5, socket_connect_timeout=0.25)


def _take_from_redis(key: str, drop: float, room: float) -> float | None:
    """As ``take``; None where Redis does not answer."""
    global _resting_until
    try:
        client = _client(settings.LIMITS_REDIS_URL)
        wait = float(client.eval(_TAKE, 1, f"limit:{key}", _now(), drop, room))
        # Asked again: whoever was held up on the way told a time long past.
        return wait and float(client.eval(_TAKE, 1, f"limit:{key}", _now(), drop, room))
    except (redis.RedisError, OSError) as error:
        _resting_until = time.monotonic() + REST_SECONDS
        logger.warning("limits counted in the database", extra={"why": type(error).__name__})
        return None


def _take_from_table(key: str, drop: float, room: float) -> float:
    """One conditional UPDATE, so that of two processes at the last drop one gets it.

    What time it is, is asked anew after each statement: one that waited for a writer would else judge by a time long past.
    """
    for _try in range(3):
        now = _now()
        after = Greatest(F("full_at"), Value(now)) + Value(drop)
        if RateBucket.objects.filter(key=key, full_at__lte=now + room - drop).update(full_at=after):
            return 0.0
        full_at = RateBucket.objects.filter(key=key).values_list("full_at", flat=True).first()
        now = _now()
        if full_at is not None:
            wait = max(full_at, now) + drop - now - room
            if wait > 0:
                return wait
        elif _made(key, now + drop):
            return 0.0
    return math.ceil(drop)


def _made(key: str, full_at: float) -> bool:
    try:
        with transaction.atomic():
            RateBucket.objects.create(key=key, full_at=full_at)
    except IntegrityError:
        return False
    return True
