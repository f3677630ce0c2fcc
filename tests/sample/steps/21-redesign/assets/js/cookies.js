const banner = document.getElementById("cookie-banner");
banner.hidden = document.cookie.includes("seen=");
banner.addEventListener("click", (event) => {
  if (!event.target.dataset.answer) return;
  document.cookie = "seen=" + event.target.dataset.answer + "; path=/; max-age=31536000; samesite=lax";
  banner.hidden = true;
});
