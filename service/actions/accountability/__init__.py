"""Who answers for what: what waits now, what is overdue, and what was done from one day to another."""

from service.actions.accountability.account import Account, Asked, account

__all__ = ["Account", "Asked", "account"]
