# The desk as one image; docker-compose.yml runs it as web, worker, scheduler and migration.
FROM python:3.12-slim-bookworm AS packages
RUN pip install --no-cache-dir "uv>=0.8,<1"
ENV UV_PYTHON_DOWNLOADS=never UV_PROJECT_ENVIRONMENT=/opt/venv UV_COMPILE_BYTECODE=1 UV_LINK_MODE=copy
WORKDIR /app
COPY pyproject.toml uv.lock ./
RUN uv sync --frozen --no-default-groups --extra pdf

FROM python:3.12-slim-bookworm
# Pango, HarfBuzz and a font are what reports as PDF need.
RUN apt-get update \
    && apt-get install --yes --no-install-recommends libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0 \
       fonts-dejavu-core \
    && rm -rf /var/lib/apt/lists/*
RUN useradd --system --uid 10001 --home-dir /var/lib/plumbline --create-home plumbline
COPY --from=packages /opt/venv /opt/venv
ENV PATH=/opt/venv/bin:$PATH PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 \
    FACTCHECK_VAR=/var/lib/plumbline STATIC_ROOT=/app/staticfiles
WORKDIR /app
COPY . .
# The settings refuse to start unsafely, so the build gives them values of its own; none of them stays in the image.
RUN FACTCHECK_MODE=production SECRET_KEY=$(python -c 'import secrets; print(secrets.token_urlsafe(50))') \
    ALLOWED_HOSTS=build.invalid SITE_URL=https://build.invalid DATABASE_URL=sqlite:////tmp/build.sqlite3 \
    REDIS_URL=redis://build.invalid FACTCHECK_VAR=/tmp/build \
    python manage.py collectstatic --noinput
USER plumbline
EXPOSE 8000
CMD ["gunicorn", "--config", "python:factcheck.serving", "factcheck.wsgi:application"]
