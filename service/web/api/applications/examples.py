"""Contents shown in the documentation, of a fictional applicant."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

# Every fact without which an application is not taken.
_FACTS: Final[Mapping[str, object]] = {
    "industry_code": "3453",
    "product_summary": "机器人用谐波与RV精密减速器，精密磨削与装配",
    "nature": "new",
    "industry_fit": "chain_core",
    "chemical_process": False,
    "is_tailings_pond": False,
    "county_code": "379999",
    "longitude": 118.1712,
    "latitude": 37.3264,
    "coord_datum": "wgs84",
    "in_shoreline_control_zone": False,
    "in_ecological_redline": False,
    "on_permanent_farmland": False,
    "in_river_management_area": False,
    "in_floodplain": False,
    "on_reserve_course": False,
    "drinking_water_zone": "none",
    "park_type": "industrial_park",
    "catalogue_class": "encouraged",
    "efficiency_listed": False,
    "market_prohibited": False,
    "water_negative_listed": False,
    "is_two_high": False,
    "total_investment_10k": 35000,
    "fai_10k": 30000,
    "own_funds_share_pct": 45,
    "months_to_production": 20,
    "land_basis": "new",
    "land_mu": 90,
    "revenue_10k": 42000,
    "value_added_10k": 11800,
    "tax_10k": 1980,
    "employees": 430,
    "rd_intensity_pct": 4.2,
    "tech_status": "national_hnte",
    "fresh_water_m3": 86000,
}

NEW: Final[Mapping[str, object]] = MappingProxyType(
    {
        "application": {
            "applicant_name": "大河精传动（虚构）有限公司",
            "credit_code": "91379999DEM0000140",
            "project_name": "精密减速器项目",
            "facts": _FACTS,
            "draft": False,
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
