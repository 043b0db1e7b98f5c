// Sends a form once: not again until another page is shown, or it took too long. <form data-file> is answered with a file.
"use strict";
let underWay = new WeakSet();
window.addEventListener("pageshow", () => {
  underWay = new WeakSet();
});
document.addEventListener("submit", (event) => {
  const form = event.target;
  if (event.defaultPrevented || form.getAttribute("method") !== "post") return;
  if (underWay.has(form)) {
    event.preventDefault();
    return;
  }
  const sent = underWay.add(form);
  setTimeout(() => sent.delete(form), form.hasAttribute("data-file") ? 1000 : 20000);
});
