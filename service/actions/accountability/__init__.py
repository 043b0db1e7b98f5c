"""Who answers for what: what waits now, what is overdue, and what was done from one day to another."""

from service.actions.accountability.account import Account, Asked, account
from service.actions.accountability.mine import mine

__all__ = ["Account", "Asked", "account", "mine"]
