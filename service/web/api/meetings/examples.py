"""Contents shown in the documentation, of fictional people and applicants."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

_SEATS: Final[list[dict[str, object]]] = [
    {"person": "019ab2ee-0b77-7c21-9a00-0123456789ab", "chair": True},
    {"person": "019ab2ee-0b77-7c21-9a00-0123456789ac"},
]
SEATS: Final[Mapping[str, object]] = MappingProxyType({"seats": {"seats": _SEATS}})
MEETING: Final[Mapping[str, object]] = MappingProxyType(
    {
        "meeting": {
            "title": "2026 年第 3 次项目评审会",
            "held_at": "2026-12-03T01:00:00Z",
            "place": "管委会 3 楼会议室",
            "seats": _SEATS,
        }
    }
)
TABLED: Final[Mapping[str, object]] = MappingProxyType(
    {"application": {"application": "019ab2f0-5a1c-7d3e-8f00-0123456789ab"}}
)
PRESENT: Final[Mapping[str, object]] = MappingProxyType({"present": {"present": [seat["person"] for seat in _SEATS]}})
RECUSAL: Final[Mapping[str, object]] = MappingProxyType({"myself": {"reason": "近亲属在申报企业任职"}})
VOTE: Final[Mapping[str, object]] = MappingProxyType(
    {"vote": {"choice": "support_with_conditions", "reason": "中水回用须先落实"}}
)
RULING: Final[Mapping[str, object]] = MappingProxyType(
    {
        "conditional": {
            "conditions": [
                {
                    "text": "与污水处理厂签订再生水供水协议",
                    "metric": "协议水量（万立方米/年）",
                    "due_on": "2027-06-30",
                    "owner": "申报企业",
                    "evidence": "供水协议",
                }
            ]
        },
        "from_the_action_plan": {
            "conditions": [{"plan": "reclaimed_share", "owner": "申报企业", "evidence": "水平衡测试报告"}]
        },
    }
)
CANCELLING: Final[Mapping[str, object]] = MappingProxyType({"reason": {"reason": "主任因公出差，另行召集"}})
CLOSING: Final[Mapping[str, object]] = MappingProxyType({"reason": {"reason": "第 2 项到会人数不足"}})
