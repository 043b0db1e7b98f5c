# Two stages: the first installs, the second runs, as a user without rights who can write to /data alone.
# It also runs with a read-only root: docker run --read-only -v sluice:/data -p 8000:8000 IMAGE

FROM python:3.11-slim AS build
ENV PIP_NO_CACHE_DIR=1 PIP_DISABLE_PIP_VERSION_CHECK=1
WORKDIR /srv/sluice
RUN python -m venv /srv/venv
COPY pyproject.toml requirements.lock README.md LICENSE ./
COPY service ./service
RUN /srv/venv/bin/pip install --constraint requirements.lock setuptools \
 && /srv/venv/bin/pip install --constraint requirements.lock --no-build-isolation --editable '.[postgres]' \
 && /srv/venv/bin/python -m compileall -q service
COPY openapi.yaml rules.yaml gunicorn.conf.py ./
COPY docs ./docs
COPY examples ./examples
COPY migrations ./migrations

FROM python:3.11-slim
LABEL org.opencontainers.image.title="Sluice" org.opencontainers.image.licenses="Apache-2.0"
RUN useradd --system --uid 10001 --no-create-home --shell /usr/sbin/nologin sluice \
 && install --directory --owner 10001 --group 10001 /data
COPY --from=build /srv /srv
ENV PATH=/srv/venv/bin:$PATH \
    PYTHONDONTWRITEBYTECODE=1 \
    PYTHONUNBUFFERED=1 \
    SLUICE_DATABASE_URL=sqlite:////data/sluice.db \
    SLUICE_EVIDENCE_FOLDER=/data/evidence
WORKDIR /srv/sluice
USER 10001:10001
VOLUME /data
EXPOSE 8000
HEALTHCHECK CMD ["python", "-c", "import urllib.request; urllib.request.urlopen('http://127.0.0.1:8000/healthz', timeout=2)"]
CMD ["gunicorn", "--config", "gunicorn.conf.py", "--worker-tmp-dir", "/dev/shm", "--bind", "0.0.0.0:8000"]
