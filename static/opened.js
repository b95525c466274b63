// Tells the server once that somebody sees this page. Fetching it proves nothing: mail scanners,
// previews and prefetching browsers fetch pages too.
(() => {
  const address = document.querySelector('meta[name="opened-url"]')?.content;
  if (!address) return;

  const csrf = document.querySelector('meta[name="csrf-token"]')?.content ?? "";
  let telling = false;

  // A page that is prefetched, prerendered or in a background tab is hidden.
  async function tell() {
    if (telling || document.visibilityState !== "visible") return;
    telling = true;
    try {
      await fetch(address, { method: "POST", headers: { "X-CSRFToken": csrf }, keepalive: true });
      document.removeEventListener("visibilitychange", tell);
    } catch {
      telling = false; // no connection: the next time the page is shown
    }
  }

  document.addEventListener("visibilitychange", tell);
  tell();
})();

export {}; // a module, as pages load it
