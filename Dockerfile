# One image for the web app, the worker and the dispatcher. It takes the very steps of
# `make setup` and starts with `autosched up`; tests/test_container.py holds it to them.
FROM python:3.11-slim-bookworm AS build
RUN apt-get update && apt-get install --yes --no-install-recommends make && rm -rf /var/lib/apt/lists/*
WORKDIR /app
COPY requirements.lock pyproject.toml README.md Makefile ./
COPY rxconfig.py ./
COPY reflex.lock ./reflex.lock
COPY alembic ./alembic
COPY assets ./assets
COPY autosched ./autosched
COPY workers ./workers
RUN make setup

FROM python:3.11-slim-bookworm
RUN useradd --uid 10001 --create-home --home-dir /home/autosched autosched \
    && install --directory --owner autosched --group autosched /data
COPY --from=build --chown=autosched:autosched /app /app
WORKDIR /app
USER autosched
ENV PATH=/app/.venv/bin:$PATH AUTOSCHED_DATA=/data PYTHONUNBUFFERED=1
VOLUME /data
EXPOSE 8000
HEALTHCHECK --interval=30s --timeout=5s --start-period=60s --retries=3 \
    CMD ["python", "-m", "autosched.health"]
STOPSIGNAL SIGTERM
CMD ["autosched", "up", "--host", "0.0.0.0", "--port", "8000"]
