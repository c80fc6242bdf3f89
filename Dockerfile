# syntax=docker/dockerfile:1
# 镜像里只有运行所需的东西，以普通用户运行；数据和配置各在一个卷里。
#
#   docker build -t plan-bot .
#   docker run -d --restart always -v plan-data:/app/data -v plan-config:/app/config \
#       plan-bot                                            # bot run：一个进程做全部工作
#   docker run --rm plan-bot bot check                      # 自检：配置、数据库、表结构
#   docker run --rm -it -v plan-data:/app/data -v plan-config:/app/config \
#       plan-bot bot chat                                   # 在终端上对话
#   docker run --rm -i -v plan-data:/app/data -v /我的文件:/in:ro \
#       plan-bot bot import /in/方案.docx --sign 张三        # 导入本单位的方案
#
# 改用 PostgreSQL，分成几个进程：见 compose.yaml

FROM python:3.13-slim-trixie AS build
ARG EXTRAS=postgres,telegram,wecom
WORKDIR /src
RUN python -m venv /opt/venv
COPY pyproject.toml constraints.txt README.md ./
COPY bot bot
COPY handlers handlers
RUN /opt/venv/bin/pip install --no-cache-dir -c constraints.txt ".[${EXTRAS}]"

FROM python:3.13-slim-trixie
ENV PATH=/opt/venv/bin:$PATH PYTHONUNBUFFERED=1 LANG=C.UTF-8
RUN useradd --system --uid 10001 --home-dir /app --shell /usr/sbin/nologin bot \
    && install --directory --owner=bot --group=bot /app /app/data /app/config
COPY --from=build /opt/venv /opt/venv
# A volume hides what the image has in its place, so the shipped files lie elsewhere,
# and whatever the volumes lack is copied there at each start; nothing is replaced.
COPY config /usr/share/plan-bot/config
COPY data/departments.toml /usr/share/plan-bot/data/departments.toml
COPY data/samples /usr/share/plan-bot/data/samples
WORKDIR /app
USER bot
VOLUME ["/app/data", "/app/config"]
# The copy may fail where a volume is read-only: then the volume has to be complete,
# and the bot itself says what it misses.
ENTRYPOINT ["sh", "-c", "cp -r --update=none /usr/share/plan-bot/. /app/ 2>/dev/null; exec \"$@\"", "plan-bot"]
# Red when a lane or a beat of the clock is late; Python alone, for the image has no curl.
# Only for what stays up; a port other than this one needs a check of its own.
HEALTHCHECK --interval=30s --timeout=10s --start-period=30s --retries=3 \
    CMD ["python", "-c", "import urllib.request as u; u.urlopen('http://127.0.0.1:8700/healthz', timeout=8)"]
STOPSIGNAL SIGTERM
CMD ["bot", "run"]
