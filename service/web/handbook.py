"""``docs/problems.md``, written from the kinds of errors and their words: one entry a code, in both languages."""

from service.core.errors import SluiceError
from service.web.problems import kinds, status
from service.words import LANGUAGES
from service.words import problems as words

_HEAD = """# 问题代码 · Problems

服务拒绝办理时，以 `application/problem+json`（RFC 9457）回答；`code` 固定不变，程序据此判断，
`title`、`detail` 的语言由 `Accept-Language` 决定。`type` 是下列条目的地址。`flaws` 列出每一处问题：
`pointer`（位置，JSON Pointer）、`code`、`because`（原因）。请将 `request_id` 用于查询日志。

When the service says no it answers with `application/problem+json` (RFC 9457). `code` never changes, programs decide
by it; `title` and `detail` come in the language of `Accept-Language`. `type` is the address of the entry below. `flaws`
lists everything wrong: `pointer` (where, as a JSON Pointer), `code`, `because`. `request_id` finds the request in the
log.

本页与服务所用的词条由测试核对一致。 · A test compares this page with the words the service uses.
"""


def entry(kind: type[SluiceError]) -> str:
    """Write the entry of one kind of error."""
    lines = [f"## {kind.code}", "", f"HTTP {int(status(kind))}"]
    for language in LANGUAGES:
        lines += ["", f"**{words.title(language, kind.code)}**", "", words.advice(language, kind.code)]
    return "\n".join(lines) + "\n"


def problems_text() -> str:
    """Write the whole page."""
    return "\n".join([_HEAD, *(entry(kind) for kind in kinds())])
