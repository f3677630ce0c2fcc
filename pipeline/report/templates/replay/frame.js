"use strict";
addEventListener("message", (event) => {
  const to = event.data;
  if (event.origin === location.origin && typeof to === "string" && /^\/[^/]/.test(to)) location.assign(to);
});
addEventListener("DOMContentLoaded", () => {
  let loads = 0;
  document.getElementById("page").addEventListener("load", () => {
    loads += 1;
    if (loads > 1) document.getElementById("moved").hidden = false;
  });
});
