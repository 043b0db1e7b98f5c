"""What people do with papers, one function a deed; each takes the unit of work first."""

from service.actions.evidence.attach import SentFile, attach, require_attaching
from service.actions.evidence.papers import facts_of
from service.actions.evidence.read import Content, Papers, content, find, get
from service.actions.evidence.rule import accept, refuse
from service.actions.evidence.stored import Checked, DamagedPaper, check
from service.actions.evidence.verified import Verified, latest, verified

__all__ = [
    "Checked",
    "Content",
    "DamagedPaper",
    "Papers",
    "SentFile",
    "Verified",
    "accept",
    "attach",
    "check",
    "content",
    "facts_of",
    "find",
    "get",
    "latest",
    "refuse",
    "require_attaching",
    "verified",
]
