"""What the drivers of the databases say, in words that a person can act upon."""

import errno
from typing import Any

from sqlalchemy.exc import DBAPIError

# What the drivers say, by the start of their code, and what a person can do about it.
_REASONS = {
    "SQLITE_NOTADB": "数据库文件不是 SQLite 数据库，请检查 database.url。",
    "SQLITE_CORRUPT": "数据库文件已损坏，请用备份恢复。",
    "SQLITE_CANTOPEN": "数据库文件打不开，请检查它所在的目录和权限。",
    "SQLITE_READONLY": "数据库文件不可写，请检查它和所在目录的权限。",
    "SQLITE_BUSY": "数据库正被别的程序占用，请稍后再试。",
    "SQLITE_LOCKED": "数据库正被别的程序占用，请稍后再试。",
    "SQLITE_IOERR": "读写数据库文件时出错，请检查磁盘。",
    "SQLITE_FULL": "磁盘已满，写不进数据库，请先清理磁盘。",
    "28": "数据库的用户名或密码不对，请检查 database.url 或 BOT_DATABASE_URL。",
    "3D000": "数据库服务器上没有这个库，请先建库，再运行 bot migrate。",
    "42501": "数据库用户的权限不够，请让管理员授权。",
    "53": "数据库服务器的连接数、内存或磁盘已用尽，请联系管理员。",
    "57P": "数据库服务器正在启动或关闭，请稍后再试。",
}
_NO_DRIVER = "缺少 PostgreSQL 驱动，请运行 pip install 'plan-bot[postgres]'。"
_NO_FOLDER = "数据库文件所在的目录建不了或不可写，请检查路径和权限。"
_SYSTEM = {
    errno.EACCES: "没有权限",
    errno.EPERM: "没有权限",
    errno.EROFS: "这里只能读，不能写",
    errno.ENOSPC: "磁盘已满",
    errno.EDQUOT: "磁盘配额已用完",
    errno.EIO: "磁盘读写出错",
    errno.ENOENT: "没有这个文件或文件夹",
    errno.ENOTDIR: "路径里有一段不是文件夹",
    errno.EISDIR: "这是文件夹",
    errno.ENAMETOOLONG: "名字太长",
    errno.EADDRINUSE: "已被别的程序占用",
    errno.EADDRNOTAVAIL: "本机没有这个地址",
}
NO_SERVER = "连不上数据库服务器，请检查地址、端口和网络。"


def system_reason(error: OSError) -> str:
    """Return the words for an error of the operating system."""
    return _SYSTEM.get(error.errno or 0) or error.strerror or str(error)


def reason(error: Exception, *, on_disk: bool = False) -> str:
    """Return the words for a driver's error, "" for one that has none.

    *on_disk* says that the database is a file.
    """
    cause: Any = error.orig if isinstance(error, DBAPIError) else error
    code = getattr(cause, "sqlite_errorname", "") or getattr(cause, "sqlstate", "")
    for start, reply in _REASONS.items():
        if (code or "").startswith(start):
            return reply
    if isinstance(cause, ModuleNotFoundError):
        return _NO_DRIVER
    if isinstance(cause, OSError):
        return _NO_FOLDER if on_disk else NO_SERVER
    return ""
