// What pages need beyond HTML and htmx: CSRF, dialogs, copying, double submits,
// plain words for failed requests, and times in the viewer's zone.
"use strict";

(() => {
  const RESUBMIT_AFTER_MS = 10000;
  const ANNOUNCEMENT_MS = 6000;
  const ASK_AGAIN_MS = [3000, 10000, 30000];

  // --- Announcements -------------------------------------------------------

  const pageRegion = document.getElementById("live-region");
  const words = pageRegion ? pageRegion.dataset : {};
  let announcementTimer = 0;

  // A modal dialog makes the rest of the page inert, so it carries its own region.
  function announce(text, forMs = ANNOUNCEMENT_MS) {
    const region = document.querySelector("dialog[open] [data-live]") || pageRegion;
    if (!region || !text) return;
    clearTimeout(announcementTimer);
    region.textContent = "";
    requestAnimationFrame(() => { region.textContent = text; });
    announcementTimer = setTimeout(() => { region.textContent = ""; }, forMs);
  }

  // --- htmx requests -------------------------------------------------------

  document.addEventListener("htmx:configRequest", (event) => {
    const token = document.querySelector('meta[name="csrf-token"]');
    if (token) event.detail.headers["X-CSRFToken"] = token.content;
  });

  for (const kind of ["htmx:responseError", "htmx:sendError", "htmx:timeout"]) document.addEventListener(kind, (event) => {
    const { status, responseText } = event.detail.xhr;
    if (askAgain(event.detail) > 1) return; // it was said
    if (status === 401) announce(words.signedOut);
    else if (status === 429) announce(words.tooMany);
    else announce(sentenceOf(responseText) || words.failed);
  });

  // What the server says is wrong, in the part that it answers an error with.
  function sentenceOf(answer) {
    const part = new DOMParser().parseFromString(answer, "text/html");
    return part.querySelector("body > [role=alert]:only-child p:only-of-type")?.textContent.trim();
  }

  // A part that shows how something goes on asks by itself, and each answer brings the next one to
  // ask. Where an answer does not come, it asks again. Returns how often it has failed so far.
  const failures = new WeakMap();
  function askAgain({ elt, xhr, requestConfig }) {
    const final = xhr.status < 500 && xhr.status !== 429 && sentenceOf(xhr.responseText);
    if (final || requestConfig.verb !== "get" || !/^load\b/.test(elt.getAttribute("hx-trigger"))) return 0;
    const times = (failures.get(elt) ?? 0) + 1;
    failures.set(elt, times);
    setTimeout(() => {
      if (elt.isConnected) htmx.ajax("GET", elt.getAttribute("hx-get"), { source: elt }).catch(() => {}); // said above
    }, ASK_AGAIN_MS[Math.min(times, ASK_AGAIN_MS.length) - 1]);
    return times;
  }

  // Whoever asked is gone, a closed dialog for instance: nobody waits for this answer any more.
  document.addEventListener("htmx:beforeSwap", (event) => {
    const { elt, verb } = event.detail.requestConfig;
    if (verb === "get" && !elt.isConnected) event.detail.shouldSwap = false;
  });

  // --- Double submits, and forms that get no answer ------------------------

  let resubmitTimer = 0;

  function setBusy(form, busy, submitter) {
    form.toggleAttribute("data-busy", busy);
    form.setAttribute("aria-busy", String(busy));
    const buttons = busy ? [submitter] : form.querySelectorAll(".is-busy");
    for (const button of buttons) if (button) button.classList.toggle("is-busy", busy);
  }

  document.addEventListener("submit", (event) => {
    if (event.target.hasAttribute("data-busy")) {
      event.preventDefault();
      event.stopImmediatePropagation();
    }
  }, true);

  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (event.defaultPrevented || form.method === "dialog") return;
    setBusy(form, true, event.submitter);
    // No answer yet, and perhaps there will be none: the person is told and may try again.
    clearTimeout(resubmitTimer);
    resubmitTimer = setTimeout(() => {
      setBusy(form, false);
      announce(words.slow, RESUBMIT_AFTER_MS);
    }, RESUBMIT_AFTER_MS);
  });

  document.addEventListener("htmx:beforeRequest", (event) => {
    if (event.detail.elt.matches("form")) event.detail.elt.toggleAttribute("data-busy", true);
  });
  document.addEventListener("htmx:afterRequest", (event) => {
    if (event.detail.elt.matches("form")) setBusy(event.detail.elt, false);
  });
  window.addEventListener("pagehide", () => clearTimeout(resubmitTimer));
  window.addEventListener("pageshow", (event) => {
    if (!event.persisted) return;
    for (const form of document.querySelectorAll("form[data-busy]")) setBusy(form, false);
  });

  // --- Dialogs -------------------------------------------------------------

  const dialogRoot = document.getElementById("dialog-root");
  let opener = null;
  let pressedOn = null;

  function closeDialog() {
    dialogRoot?.querySelector("dialog")?.close();
  }

  function openDialog(dialog) {
    if (!dialog.open) dialog.showModal();
    dialog.addEventListener("close", () => {
      // An element that is gone hears of no answer, and htmx would swap it all the same.
      for (const part of dialog.querySelectorAll("[hx-get]")) htmx.trigger(part, "htmx:abort");
      dialog.remove();
      const back = opener && (opener.isConnected ? opener : document.getElementById(opener.id));
      (back || document.querySelector("main")).focus();
      opener = null;
    }, { once: true });
    dialog.addEventListener("pointerdown", (event) => { pressedOn = event.target; });
    dialog.addEventListener("click", (event) => {
      // The panel covers the dialog, so the dialog itself is only hit through its backdrop.
      if (event.target === dialog && pressedOn === dialog) closeDialog();
    });
  }

  document.addEventListener("htmx:beforeRequest", (event) => {
    const { target, elt } = event.detail;
    if (target !== dialogRoot || dialogRoot.contains(elt)) return;
    opener = elt;
    if (window.HTMLDialogElement?.prototype.showModal) return;
    event.preventDefault(); // a browser without dialogs opens the same as a page
    if (elt.form) elt.form.submit();
    else window.location.assign(elt.href);
  });
  document.addEventListener("htmx:afterSwap", (event) => {
    if (event.detail.target !== dialogRoot) return;
    const dialog = dialogRoot.querySelector("dialog");
    if (dialog) openDialog(dialog);
  });
  document.addEventListener("closeDialog", closeDialog);

  // --- Forms whose parts come in one by one ---------------------------------

  // What a person has just chosen counts: an answer under way was asked for before.
  document.addEventListener("change", (event) => {
    const part = event.target.closest("[data-aborts]");
    if (part) htmx.trigger(part.dataset.aborts, "htmx:abort");
  });

  // A part that is being read again is disabled, and its values would be missing from what is sent:
  // the form waits until the part is here.
  document.addEventListener("htmx:confirm", (event) => {
    const form = event.detail.elt;
    const { waitsFor } = form.dataset;
    const waits = () => waitsFor && form.querySelector(`${waitsFor}.htmx-request`);
    if (!waits()) return;
    event.preventDefault();
    setBusy(form, true, event.detail.triggeringEvent?.submitter);
    const look = () => setTimeout(() => {
      if (waits() || !form.hasAttribute("data-busy")) return;
      form.removeEventListener("htmx:afterRequest", look);
      setBusy(form, false);
      if (form.isConnected) event.detail.issueRequest(true);
    });
    form.addEventListener("htmx:afterRequest", look);
  });

  // A problem is said at its field, in sight and with the focus.
  document.addEventListener("htmx:afterSwap", (event) => {
    const slot = event.detail.target;
    if (!slot.matches("[data-problem]") || !slot.firstElementChild) return;
    const folded = slot.closest("details");
    if (folded) folded.open = true;
    const field = document.getElementById(slot.dataset.problem) || slot;
    if (field === slot) slot.tabIndex = -1;
    else field.setAttribute("aria-invalid", "true");
    field.focus({ preventScroll: true });
    slot.scrollIntoView({ block: "center" });
  });

  // It goes as soon as something else is chosen or typed.
  for (const kind of ["change", "input"]) document.addEventListener(kind, (event) => {
    const part = event.target.closest("[data-clears-problems]");
    if (!part) return;
    for (const slot of part.querySelectorAll("[data-problem]")) slot.replaceChildren();
    for (const field of part.querySelectorAll("[aria-invalid]")) field.removeAttribute("aria-invalid");
  });

  // --- Clicks: close, copy, show a secret, leave a menu --------------------

  async function copy(button) {
    const source = document.querySelector(button.dataset.copy);
    if (!source) return;
    const text = "value" in source ? source.value : source.textContent.trim();
    try {
      await navigator.clipboard.writeText(text);
      announce(words.copied);
    } catch {
      if (source.select) source.select();
      announce(words.copyFailed);
    }
  }

  function reveal(button) {
    const input = document.querySelector(button.dataset.reveal);
    const shown = input.type === "password";
    input.type = shown ? "text" : "password";
    button.setAttribute("aria-pressed", String(shown));
  }

  document.addEventListener("click", (event) => {
    const button = event.target.closest("[data-close], [data-copy], [data-reveal], [data-print]");
    if (button && "close" in button.dataset) closeDialog();
    else if (button && "copy" in button.dataset) copy(button);
    else if (button && "reveal" in button.dataset) reveal(button);
    else if (button) window.print();
    for (const menu of document.querySelectorAll("details.menu[open]")) {
      if (!menu.contains(event.target)) menu.open = false;
    }
  });

  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    // Else the first Escape would only empty the search, and the second close.
    if (event.target.matches?.("dialog [type=search]")) {
      event.preventDefault();
      return closeDialog();
    }
    const menu = event.target.closest?.("details.menu[open]");
    if (!menu) return;
    menu.open = false;
    menu.querySelector("summary").focus();
  });

  // --- Keys or a pointer: the style sheets show the focus by it -------------

  document.addEventListener("keydown", () => { document.documentElement.dataset.keys = ""; }, true);
  document.addEventListener("pointerdown", () => { delete document.documentElement.dataset.keys; }, true);

  // --- Whatever has just been put on the page ------------------------------

  const FORMATS = {
    "": { dateStyle: "medium", timeStyle: "short" },
    date: { dateStyle: "long" },
    named: { hour: "numeric", timeZoneName: "short" },
    zone: {
      day: "numeric", month: "long", year: "numeric", hour: "2-digit", minute: "2-digit", timeZoneName: "short",
    },
  };

  // Plain "en" would mean American dates to Intl; the product's English is European.
  const language = document.documentElement.lang === "en" ? "en-GB" : document.documentElement.lang;

  // The zone that the user chose; undefined is the device's own.
  const timeZone = document.documentElement.dataset.timeZone;

  // A list has hundreds of times, and making a format takes longer than using it.
  const made = new Map();

  function formatOf(name) {
    const wanted = name in FORMATS ? name : "";
    if (!made.has(wanted)) {
      made.set(wanted, new Intl.DateTimeFormat(language, { ...FORMATS[wanted], timeZone }));
    }
    return made.get(wanted);
  }

  // "CET": formats of date and time take no zone beside them.
  function zoneOf(moment) {
    const parts = formatOf("named").formatToParts(moment);
    return parts.find((part) => part.type === "timeZoneName").value;
  }

  function showLocalTime(time) {
    const moment = new Date(time.dateTime);
    if (Number.isNaN(moment.getTime())) return;
    try {
      const shown = formatOf(time.dataset.local).format(moment);
      time.title = time.title || time.textContent.trim();
      time.textContent = shown;
      if (time.dataset.local) return;
      const zone = document.createElement("span");
      zone.className = "zone";
      zone.textContent = ` ${zoneOf(moment)}`;
      time.append(zone);
    } catch { /* an old browser does not know every zone; the server's words stay, which name it */ }
  }

  function dress(root) {
    for (const time of root.querySelectorAll("time[data-local]")) showLocalTime(time);
    for (const button of root.querySelectorAll("[data-reveal][hidden], [data-copy][hidden], [data-print][hidden]")) {
      button.hidden = false;
    }
  }

  dress(document);
  document.addEventListener("htmx:afterSettle", (event) => {
    // What came in; the target may be what it replaced, and is no longer on the page.
    if (event.target.parentNode) dress(event.target.parentNode);
  });
})();
