// Follows the link that names the key: <a href="…" data-keys="ArrowRight PageDown">. What is typed into a field is its own.
"use strict";
document.addEventListener("keydown", (event) => {
  const target = event.target;
  const isTyped = target instanceof Element && target.closest("input, select, textarea, [contenteditable]") !== null;
  if (isTyped || event.defaultPrevented || event.ctrlKey || event.altKey || event.metaKey || event.shiftKey) return;
  for (const link of document.querySelectorAll("a[data-keys]")) {
    if (link.dataset.keys.split(" ").includes(event.key)) {
      event.preventDefault();
      link.click();
      return;
    }
  }
});
