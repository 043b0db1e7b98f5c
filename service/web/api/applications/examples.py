"""Contents shown in the documentation, of a fictional applicant."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

_FACTS = {"industry_code": "3453", "nature": "new", "fai_10k": 12000}

NEW: Final[Mapping[str, object]] = MappingProxyType(
    {
        "draft": {
            "applicant_name": "大河精传动（虚构）有限公司",
            "credit_code": "91379999DEM0000140",
            "project_name": "精密减速器项目",
            "facts": _FACTS,
            "draft": True,
        }
    }
)
HEADER: Final[Mapping[str, object]] = MappingProxyType(
    {
        "header": {
            "applicant_name": "大河精传动（虚构）有限公司",
            "credit_code": "91379999DEM0000140",
            "project_name": "精密减速器二期项目",
            "project_code": None,
        }
    }
)
FACTS: Final[Mapping[str, object]] = MappingProxyType({"facts": {"facts": _FACTS}})
REASON: Final[Mapping[str, object]] = MappingProxyType({"reason": {"reason": "缺少能评意见"}})
ACCEPTING: Final[Mapping[str, object]] = MappingProxyType(
    {"departments": {"departments": ["生态环境", "自然资源"], "due_on": "2026-12-04"}}
)
