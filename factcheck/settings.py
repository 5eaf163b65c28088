"""Settings, one file, every value from the environment with a development default.

Development mode (the default) runs on a fresh checkout with nothing set: SQLite in ``var/``, a secret key made
on first use. Production mode (``FACTCHECK_MODE=production``) refuses to start with anything unsafe.
"""

from __future__ import annotations

import os
import secrets
from pathlib import Path
from typing import Any

import django_stubs_ext
from csp.constants import NONE, SELF
from django.core.exceptions import ImproperlyConfigured
from django.utils.translation import gettext_lazy as _
from whitenoise.compress import Compressor

from factcheck import env

# Lets class definitions name their types, ``ModelAdmin[Claim]``, as the type checker wants them.
django_stubs_ext.monkeypatch()

BASE_DIR = Path(__file__).resolve().parent.parent
env.load_env_file(BASE_DIR / ".env")
VAR_DIR = Path(env.text("FACTCHECK_VAR", str(BASE_DIR / "var")))
VAR_DIR.mkdir(parents=True, exist_ok=True)

MODE = env.text("FACTCHECK_MODE", "development")
if MODE not in {"development", "production"}:
    raise ImproperlyConfigured(f"FACTCHECK_MODE is {MODE!r}. Set it to development or production.")
PRODUCTION = MODE == "production"
DEBUG = env.flag("DEBUG", False)


def _development_key() -> str:
    """A key of this checkout alone, made once and kept outside version control."""
    path = VAR_DIR / "secret-key"
    if not path.exists():
        path.write_text(secrets.token_urlsafe(50), encoding="utf-8")
        path.chmod(0o600)
    return path.read_text(encoding="utf-8").strip()


SECRET_KEY = env.text("SECRET_KEY") or ("" if PRODUCTION else _development_key())
# Former keys that are still believed, for log-ins and webhooks, while a new one takes their place.
SECRET_KEY_FALLBACKS = env.names("SECRET_KEY_FALLBACKS")
ALLOWED_HOSTS = env.names(
    "ALLOWED_HOSTS", () if PRODUCTION else ("127.0.0.1", "localhost", "[::1]", "testserver")
)
CSRF_TRUSTED_ORIGINS = env.names("CSRF_TRUSTED_ORIGINS")
# The public address of this desk, for links in feeds, mail and ClaimReview.
SITE_URL = env.text("SITE_URL", "" if PRODUCTION else "http://127.0.0.1:8000").rstrip("/")

if PRODUCTION:
    if DEBUG:
        raise ImproperlyConfigured("DEBUG is on in production. Unset DEBUG.")
    if len(SECRET_KEY) < 40:
        raise ImproperlyConfigured(
            "SECRET_KEY is missing or shorter than 40 characters. Set a long random one."
        )
    if not ALLOWED_HOSTS or "*" in ALLOWED_HOSTS:
        raise ImproperlyConfigured("ALLOWED_HOSTS is empty or '*'. Name the hosts that this desk answers to.")
    if not SITE_URL.startswith("https://"):
        raise ImproperlyConfigured("SITE_URL is missing or not https. Set the public address of the desk.")

# --- applications ------------------------------------------------------------------------------------------
INSTALLED_APPS = [
    "claims.apps.ClaimsConfig",
    "claims.apps.DeskAdminConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
    "django_htmx",
    "rest_framework",
    "django_filters",
    "drf_spectacular",
    "drf_spectacular_sidecar",
    "csp",
    "axes",
]
MIDDLEWARE = [
    "claims.web.encodings.plainly",
    "claims.web.short_path.reports",
    "claims.web.languages.speak",
    "claims.web.middleware.headers",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.middleware.gzip.GZipMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "claims.web.middleware.DeskMiddleware",
    "axes.middleware.AxesMiddleware",
]
ROOT_URLCONF = "factcheck.urls"
WSGI_APPLICATION = "factcheck.wsgi.application"
TEMPLATES: list[dict[str, Any]] = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "claims.web.context.desk",
            ]
        },
    }
]

# --- database ----------------------------------------------------------------------------------------------
DATABASES = {"default": env.database(env.text("DATABASE_URL", f"sqlite:///{VAR_DIR / 'desk.sqlite3'}"))}
# The lesser role that the desk runs as: whoever migrates as the owner of the tables gives it its rights anew each time.
DATABASE_ROLE = env.text("DATABASE_ROLE")
DATABASE_ROLE_PASSWORD = env.text("DATABASE_ROLE_PASSWORD")
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
MIGRATION_MODULES: dict[str, str] = {}

# --- people ------------------------------------------------------------------------------------------------
AUTHENTICATION_BACKENDS = [
    "axes.backends.AxesStandaloneBackend",
    "django.contrib.auth.backends.ModelBackend",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 12},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]
# How many proxies of our own stand before the desk; without one, a header that names an address is not believed.
PROXY_COUNT = env.integer("PROXY_COUNT", 0)
# The longest that any link by mail may hold; each purpose has its own, shorter time (domain.passwords).
PASSWORD_RESET_TIMEOUT = 60 * 60 * 24 * 7
LOGIN_URL = "login"
LOGIN_REDIRECT_URL = "my-work"
LOGOUT_REDIRECT_URL = "home"
# django-axes alone locks log-ins out: after five wrong tries it locks the pair of name and address, so that one
# office address cannot lock out a newsroom and a stranger elsewhere cannot lock out a colleague.
AXES_FAILURE_LIMIT = 5
AXES_COOLOFF_TIME = 0.25
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_RESET_ON_SUCCESS = True
AXES_LOCKOUT_TEMPLATE = "registration/locked.html"
AXES_CLIENT_IP_CALLABLE = "factcheck.address.counted_address"
AXES_USERNAME_CALLABLE = "factcheck.locks.counted_name"
AXES_HANDLER = "factcheck.locks.CountingHandler"
AXES_ENABLE_ACCESS_FAILURE_LOG = True
AXES_VERBOSE = False
# Of failed tries the name, address and browser are kept so long; who typed a password in place of a name is glad of it.
FAILED_TRIES_DAYS = env.integer("FAILED_TRIES_DAYS", 30, least=1)
# Its tables would stand in the administration with buttons to delete; `manage.py axes_reset` lets somebody in again.
AXES_ENABLE_ADMIN = False
# Editors and administrators log in with a second step. Off for a desk on one machine, where the demo runs.
SECOND_STEP_REQUIRED = env.flag("SECOND_STEP_REQUIRED", PRODUCTION)
# What opens doors or loosens gates asks for password or passkey again, where the last proof is older than this.
PROOF_MINUTES = env.integer("PROOF_MINUTES", 15, least=1)
# Sessions stand in a table of the desk's own, under digests of their keys, so that people see and end them.
SESSION_ENGINE = "claims.models.access"
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_AGE = 60 * 60 * 12
CSRF_COOKIE_SAMESITE = "Lax"

# --- words, time -------------------------------------------------------------------------------------------
LANGUAGE_CODE = "en-gb"
LANGUAGES = [("en", _("English"))]
LOCALE_PATHS = [BASE_DIR / "locale"]
# What the public pages around reports speak; one of those that claims/locale has a catalogue for, or English.
SITE_LANGUAGES = ("en", "ar", "de", "es", "fr", "pt")
SITE_LANGUAGE = env.one_of("SITE_LANGUAGE", SITE_LANGUAGES)
TIME_ZONE = env.text("TIME_ZONE", "UTC")
USE_TZ = True
USE_I18N = True

# --- files -------------------------------------------------------------------------------------------------
STATIC_URL = "/static/"
STATIC_ROOT = Path(env.text("STATIC_ROOT", str(VAR_DIR / "static")))
STATIC_ROOT.mkdir(parents=True, exist_ok=True)
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": (
            "whitenoise.storage.CompressedManifestStaticFilesStorage"
            if PRODUCTION
            else "django.contrib.staticfiles.storage.StaticFilesStorage"
        )
    },
}
WHITENOISE_USE_FINDERS = not PRODUCTION
WHITENOISE_AUTOREFRESH = DEBUG
# Pages name files by their hashed names alone, and nobody needs compressed source maps: with both, collecting takes
# a quarter of the time.
WHITENOISE_KEEP_ONLY_HASHED_FILES = True
WHITENOISE_SKIP_COMPRESS_EXTENSIONS = (*Compressor.SKIP_COMPRESS_EXTENSIONS, "map")
# What was made from published versions, so that it is made once; safe to lose. Trimmed to so many megabytes each hour.
KEPT_FILES: Path | None = VAR_DIR / "kept"
KEPT_FILES_MB = env.integer("KEPT_FILES_MB", 1000)
MAX_ARTICLE_BYTES = 10 * 1024 * 1024
DATA_UPLOAD_MAX_MEMORY_SIZE = MAX_ARTICLE_BYTES + 512 * 1024
FILE_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024

# --- headers -----------------------------------------------------------------------------------------------
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF],
        "base-uri": [NONE],
        "object-src": [NONE],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
    }
}
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
if PRODUCTION:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if env.flag("BEHIND_PROXY", True) else None
    SECURE_SSL_REDIRECT = env.flag("SSL_REDIRECT", True)
    SECURE_REDIRECT_EXEMPT = [r"^(healthz|readyz)$"]
    SECURE_HSTS_SECONDS = 31_536_000
    SECURE_HSTS_INCLUDE_SUBDOMAINS = True
    SECURE_HSTS_PRELOAD = True
    SESSION_COOKIE_SECURE = True
    CSRF_COOKIE_SECURE = True

# --- mail --------------------------------------------------------------------------------------------------
EMAIL_BACKEND = (
    "django.core.mail.backends.smtp.EmailBackend"
    if env.text("EMAIL_HOST")
    else "django.core.mail.backends.filebased.EmailBackend"
)
EMAIL_FILE_PATH = VAR_DIR / "mail"
EMAIL_HOST = env.text("EMAIL_HOST", "localhost")
EMAIL_PORT = env.integer("EMAIL_PORT", 587)
EMAIL_HOST_USER = env.text("EMAIL_HOST_USER")
EMAIL_HOST_PASSWORD = env.text("EMAIL_HOST_PASSWORD")
EMAIL_USE_TLS = env.flag("EMAIL_USE_TLS", True)
EMAIL_TIMEOUT = 10
DEFAULT_FROM_EMAIL = env.text("DEFAULT_FROM_EMAIL", "desk@localhost")

# --- queue -------------------------------------------------------------------------------------------------
# A ring is one short try: when the broker is away the sweeper rings again from the database.
REDIS_URL = env.text("REDIS_URL", f"redis+socket://{VAR_DIR / 'broker.sock'}")
CELERY_BROKER_URL = REDIS_URL
# Where all processes count together how often something happened; without one, a table counts.
LIMITS_REDIS_URL = env.text("REDIS_URL")
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_BROKER_CONNECTION_MAX_RETRIES = None
CELERY_BROKER_TRANSPORT_OPTIONS = {
    "visibility_timeout": 300,
    "unacked_restore_interval": 5,
    "unacked_restore_throttle": 1,
    "socket_timeout": 5,
    "socket_connect_timeout": 1,
    "socket_keepalive": True,
    "health_check_interval": 10,
    "max_retries": 0,
}
CELERY_TASK_PUBLISH_RETRY = False
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_TASK_IGNORE_RESULT = True
CELERY_RESULT_BACKEND = None
CELERY_ACCEPT_CONTENT = ["json"]
CELERY_TASK_SOFT_TIME_LIMIT = 60
CELERY_TASK_TIME_LIMIT = 90
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_WORKER_MAX_TASKS_PER_CHILD = 300
CELERY_WORKER_MAX_MEMORY_PER_CHILD = 300_000
CELERY_WORKER_SOFT_SHUTDOWN_TIMEOUT = 5
CELERY_WORKER_ETA_TASK_LIMIT = 100
CELERY_WORKER_CANCEL_LONG_RUNNING_TASKS_ON_CONNECTION_LOSS = True
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_TASK_DEFAULT_QUEUE = "verify"
# A step is rung on the queue that its own row names; these are the queues of everything else.
CELERY_TASK_ROUTES = {
    "claims.run_step": {"queue": "verify"},
    "claims.deliver": {"queue": "publish"},
    "claims.publish_due": {"queue": "publish"},
    "claims.sweep": {"queue": "maintenance"},
    "claims.seal_audit": {"queue": "maintenance"},
}
FACTCHECK_QUEUES = ["articles", "fetch", "verify", "publish", "maintenance"]
CELERY_TASK_CREATE_MISSING_QUEUES = True
STEP_LEASE_SECONDS = env.integer("STEP_LEASE_SECONDS", 120)
STEP_MAX_ATTEMPTS = 5
SWEEP_SECONDS = env.integer("SWEEP_SECONDS", 5)
# The hour, in TIME_ZONE, from which daily mails go out.
DIGEST_HOUR = env.integer("DIGEST_HOUR", 7)
STEP_STALE_RING_SECONDS = env.integer("STEP_STALE_RING_SECONDS", 15)
# Where the head of the audit trail is kept once a day, beyond the desk's reach: a folder, and addresses (the word
# "administrators" stands for theirs). Programs that are told can ask for it too.
AUDIT_HEAD_FOLDER = env.text("AUDIT_HEAD_FOLDER")
AUDIT_HEAD_MAIL = env.names("AUDIT_HEAD_MAIL")
# Where the dumps of the database lie; the desk looks how old the newest is, and at nothing else.
BACKUP_FOLDER = env.text("BACKUP_FOLDER")
# Links of sources are looked at again after so many days; 0 switches that off.
SOURCE_CHECK_DAYS = env.integer("SOURCE_CHECK_DAYS", 7)
# All workers together ask one host at most once in so many seconds; 0 for no pause.
HOST_PAUSE_SECONDS = env.number("HOST_PAUSE_SECONDS", 1.0)
# A process of the worker gets no more memory than this for its data; a step beyond it fails with a reason.
STEP_MEMORY_MB = env.integer("STEP_MEMORY_MB", 1500)

# --- services outside the house: off until an operator switches them on --------------------------------------
FACTCHECK_OUTSIDE = env.flag("FACTCHECK_OUTSIDE", PRODUCTION)
FACTCHECK_TRUSTED_ORIGINS = env.origins("FACTCHECK_TRUSTED_ORIGINS")
GOOGLE_FACTCHECK_KEY = env.text("GOOGLE_FACTCHECK_KEY")
# All three, and each published report is sent to Google's Fact Check Tools (and so to Data Commons).
GOOGLE_PAGES_CLIENT_ID = env.text("GOOGLE_PAGES_CLIENT_ID")
GOOGLE_PAGES_CLIENT_SECRET = env.text("GOOGLE_PAGES_CLIENT_SECRET")
GOOGLE_PAGES_REFRESH_TOKEN = env.text("GOOGLE_PAGES_REFRESH_TOKEN")
SEARXNG_URL = env.text("SEARXNG_URL")
WAYBACK_KEYS = env.text("WAYBACK_KEYS")
# Empty: the public service. Set to a mirror or stand-in.
GOOGLE_FACTCHECK_URL = env.text("GOOGLE_FACTCHECK_URL")
GOOGLE_PAGES_URL = env.text("GOOGLE_PAGES_URL")
GOOGLE_PAGES_TOKEN_URL = env.text("GOOGLE_PAGES_TOKEN_URL")
WAYBACK_URL = env.text("WAYBACK_URL")
WAYBACK_SAVE_URL = env.text("WAYBACK_SAVE_URL")
WIKIPEDIA_URL = env.text("WIKIPEDIA_URL")
WIKIDATA_URL = env.text("WIKIDATA_URL")
# Public services ask for a contact in it.
FACTCHECK_USER_AGENT = env.text("FACTCHECK_USER_AGENT")
FACTCHECK_DENIED_NETWORKS = env.names("FACTCHECK_DENIED_NETWORKS")
LLM_URL = env.text("LLM_URL")
LLM_KEY = env.text("LLM_KEY")
LLM_MODEL = env.text("LLM_MODEL")
# What a million tokens cost, sent and written, so that each suggestion shows its price.
LLM_PRICE_IN = env.price("LLM_PRICE_IN")
LLM_PRICE_OUT = env.price("LLM_PRICE_OUT")
LLM_CURRENCY = env.text("LLM_CURRENCY")

# --- single sign-on (OpenID Connect): off until issuer, client and secret are set ----------------------------------
OIDC_ISSUER = env.text("OIDC_ISSUER")
OIDC_CLIENT_ID = env.text("OIDC_CLIENT_ID")
OIDC_CLIENT_SECRET = env.text("OIDC_CLIENT_SECRET")
# The name on the button; empty: the host of the issuer.
OIDC_NAME = env.text("OIDC_NAME")
OIDC_SCOPES = env.text("OIDC_SCOPES", "openid email profile")
# The provider asks everybody for a second factor, so the desk need not.
OIDC_SECOND_STEP_AT_PROVIDER = env.flag("OIDC_SECOND_STEP_AT_PROVIDER", False)
# Values of ``acr`` that stand for a second factor; they are asked for, too.
OIDC_STRONG_ACR = env.names("OIDC_STRONG_ACR")
# Mail domains whose people get an account as viewers at their first log-in; empty: only who was invited gets in.
OIDC_NEW_PEOPLE = env.names("OIDC_NEW_PEOPLE")
if any((OIDC_ISSUER, OIDC_CLIENT_ID, OIDC_CLIENT_SECRET)):
    _missing = [
        name for name in ("OIDC_ISSUER", "OIDC_CLIENT_ID", "OIDC_CLIENT_SECRET") if not globals()[name]
    ]
    if _missing:
        raise ImproperlyConfigured(
            f"Single sign-on is set up by half: {' and '.join(_missing)} missing. Set all three, or none of them."
        )
    if not OIDC_ISSUER.startswith("https://") and (PRODUCTION or not OIDC_ISSUER.startswith("http://")):
        raise ImproperlyConfigured(
            "OIDC_ISSUER does not begin with https://. Write it as the provider names itself."
        )

# --- readers -----------------------------------------------------------------------------------------------
# Days within which a message from a reader is answered, and how many one address may send in an hour.
READER_ANSWER_DAYS = env.integer("READER_ANSWER_DAYS", 14)
READER_MESSAGES_PER_HOUR = env.integer("READER_MESSAGES_PER_HOUR", 5)
# Counts of verdicts on a speaker or outlet are shown from so many reports on: fewer say nothing.
SPEAKER_RECORD_FROM = env.integer("SPEAKER_RECORD_FROM", 10)

# --- API ---------------------------------------------------------------------------------------------------
REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": [
        "claims.api.authentication.TokenAuthentication",
        "rest_framework.authentication.SessionAuthentication",
    ],
    "DEFAULT_PERMISSION_CLASSES": ["claims.api.permissions.DeskMember"],
    "DEFAULT_PAGINATION_CLASS": "claims.api.pagination.NewestFirst",
    "PAGE_SIZE": 50,
    "DEFAULT_FILTER_BACKENDS": ["django_filters.rest_framework.DjangoFilterBackend"],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": ["claims.api.parsers.ShallowJSON"],
    "DEFAULT_SCHEMA_CLASS": "claims.api.schema.DeskSchema",
    "DEFAULT_THROTTLE_CLASSES": ["claims.api.throttles.PerAddress", "claims.api.throttles.PerCaller"],
    "URL_FORMAT_OVERRIDE": None,
    "NUM_PROXIES": PROXY_COUNT,
    "EXCEPTION_HANDLER": "claims.api.exceptions.problem_response",
    "TEST_REQUEST_DEFAULT_FORMAT": "json",
    "TEST_REQUEST_RENDERER_CLASSES": [
        "rest_framework.renderers.JSONRenderer",
        "rest_framework.renderers.MultiPartRenderer",
    ],
}
# A caller may make API_BURST requests at once and then as many as the rate lets in; all web processes count together.
API_RATES = {
    "anonymous": env.text("API_RATE_ANONYMOUS", "120/min"),
    "person": env.text("API_RATE_PERSON", "1200/min"),
}
API_BURST = env.integer("API_BURST", 40)
SPECTACULAR_SETTINGS = {
    "TITLE": "Plumbline",
    "DESCRIPTION": (
        "Articles in, claims checked, verdict reports out.\n\n"
        "Send `Authorization: Bearer <token>`; make the token under *Account*. Lists page by key: follow `next`. "
        "Every error is a problem (RFC 9457) that says what is wrong, where, and how to mend it. Send an "
        "`Idempotency-Key` with a write, and it has one effect however often it is sent. Send the `ETag` that you read "
        "as `If-Match`, and you overwrite nobody. `/reports/` is public and may be read from any site."
    ),
    "VERSION": "1",
    "SERVE_INCLUDE_SCHEMA": False,
    "SWAGGER_UI_DIST": "SIDECAR",
    "SWAGGER_UI_FAVICON_HREF": "SIDECAR",
    "REDOC_DIST": "SIDECAR",
    "ENUM_NAME_OVERRIDES": {
        "ArticleStateEnum": "claims.enums.ArticleState",
        "StepStateEnum": "claims.enums.StepState",
        "SourceKindEnum": "claims.enums.SourceKind",
        "StepOutcomeEnum": "claims.enums.StepOutcome",
        "ChangeKindEnum": "claims.enums.ChangeKind",
        "MediaKindEnum": "claims.enums.MediaKind",
        "MediaCategoryEnum": "claims.enums.MediaCategory",
        "MessageOutcomeEnum": "claims.models.reader.ReaderMessage.Outcome",
        "CorrectionKindEnum": "claims.api.inputs.CORRECTION_KINDS",
    },
    "COMPONENT_SPLIT_REQUEST": True,
    "POSTPROCESSING_HOOKS": [
        "drf_spectacular.hooks.postprocess_schema_enums",
        "claims.api.schema.finish",
    ],
}
CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}

# --- logs --------------------------------------------------------------------------------------------------
LOG_LEVEL = env.text("LOG_LEVEL", "INFO")
LOGGING: dict[str, Any] = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "line": {"()": "factcheck.logs.make_formatter"},
    },
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["console"], "level": LOG_LEVEL},
    "loggers": {
        # It tells of every log-in and every clean-up at INFO.
        "axes": {"level": "WARNING"},
        "django.server": {"handlers": ["console"], "level": "WARNING", "propagate": False},
    },
}
if PRODUCTION and env.text("REDIS_URL") == "":
    raise ImproperlyConfigured(
        "REDIS_URL is not set. Production needs a Redis or Valkey with append-only file."
    )
if PRODUCTION and env.is_open_redis(REDIS_URL):
    raise ImproperlyConfigured(
        "REDIS_URL names a Redis beyond this machine without a password. Write redis://:password@host:port/0."
    )
if PRODUCTION and "DATABASE_URL" not in os.environ:
    raise ImproperlyConfigured("DATABASE_URL is not set. Production needs its database named.")
