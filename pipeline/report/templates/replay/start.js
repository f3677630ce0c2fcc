"use strict";
// Whether a page has a picture is known when it is asked for: until then, all have room for one.
addEventListener("error", (event) => {
  if (event.target instanceof HTMLImageElement) event.target.remove();
}, true);
