"use strict";
addEventListener("DOMContentLoaded", () => {
  if (parent === window) return;
  if (parent === top) parent.postMessage(location.href.slice(location.origin.length + 4), location.origin);
  else location.replace(document.body.dataset.src);
});
