"""The pages of administration: people, keys, webhooks and what was sent to them, events, settings."""

from service.web.ui.admin import erasing, events, hook, hooks, keys, overview, people, person, settings

PAGES = (
    *(overview.pages, people.pages, person.pages, erasing.pages),
    *(keys.pages, hooks.pages, hook.pages, events.pages, settings.pages),
)
