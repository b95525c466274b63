// The questionnaire: sends each answer as it is given, and keeps what could not be sent until
// there is a connection again. Without this file, Continue sends the page's answers.
import { within } from "./within.js";

(() => {
  const form = document.querySelector("form[data-answer-url]");
  if (!form) return;

  const PATIENCE_MS = 15000;
  const LOOK_MS = 6000;
  const LEAVE_MS = 10000; // app.js says then that no answer came, and the button works again
  const RETRY_MS = [1000, 3000, 10000, 30000];
  const state = document.getElementById("sitting-state");
  const progress = document.querySelector("progress");
  const count = document.querySelector(".progress-label > :last-child");
  const part = form.elements.part.value;
  const storageKey = `unsent ${form.dataset.answerUrl} ${part}`;
  const unsent = new Map(); // item number -> {value, ms}; a newer answer takes the older one's place
  const doubtful = new Set(); // items of which an older answer was given up, and may yet arrive
  let shownAt = performance.now();
  let sending = false;
  let failures = 0;
  let retryTimer = 0;
  let refused = false;
  let leaving = false;
  let leave = null; // what to do once the answer on its way has arrived
  let looked = 0; // how often Continue found no server since it last answered
  let looking = false;
  let sure = false; // the next submit goes ahead
  let pointed = false; // whether a pointer was used last, and not a key
  let troubleWords = form.dataset.offline;

  const { offline, unsent: kept } = form.dataset;
  const say = (text) => {
    state.classList.toggle("is-offline", [offline, kept].includes(text));
    if (state.textContent !== text) state.textContent = text;
  };
  const field = (kind, item) => form.elements[`${kind}-${item}`];

  // --- What could not be sent survives a reload of the page ----------------

  function remember() {
    try {
      if (unsent.size) sessionStorage.setItem(storageKey, JSON.stringify([...unsent]));
      else sessionStorage.removeItem(storageKey);
    } catch { /* storage is switched off: Continue still sends this page */ }
  }

  function recall() {
    try {
      for (const [item, answer] of JSON.parse(sessionStorage.getItem(storageKey)) || []) {
        unsent.set(item, answer);
        if (field("item", item)) field("item", item).value = answer.value;
      }
    } catch { /* nothing there */ }
  }

  // --- Sending, one at a time so that the last answer given is the last one sent

  async function send() {
    if (sending || leaving || refused || !unsent.size) return;
    sending = true;
    clearTimeout(retryTimer);
    say(failures ? troubleWords : form.dataset.saving);
    const [item, answer] = unsent.entries().next().value;
    try {
      await post(item, answer);
      if (refused) {
        sending = false; // so that Continue leads on, to the page that says why
        return leave?.();
      }
      failures = looked = 0;
      troubleWords = form.dataset.offline;
      if (unsent.get(item) === answer) unsent.delete(item);
      // The page goes on to send an answer that an older one may yet undo.
      if (field("was", item)) field("was", item).value = doubtful.has(item) ? "" : answer.value;
      remember();
      if (!unsent.size) say(form.dataset.saved);
    } catch {
      doubtful.add(item);
      say(troubleWords);
      retryTimer = setTimeout(send, RETRY_MS[Math.min(failures, RETRY_MS.length - 1)]);
      failures += 1;
    }
    sending = false;
    if (leave) leave();
    else if (!failures) send();
  }

  async function post(item, answer) {
    const body = new URLSearchParams({ part, item, value: answer.value, response_ms: answer.ms });
    const response = await within(PATIENCE_MS, form.dataset.answerUrl, { method: "POST", body }, read);
    if (!response.ok && !isFinal(response)) throw new Error("try again");
    if (!response.ok) return refuse(response.content);
    const { answered, total } = response.content;
    progress.value = answered;
    count.textContent = form.dataset.count.replace("{answered}", answered).replace("{total}", total);
  }

  // Only the server itself refuses for good, with a sentence or because everything was deleted.
  // Others on the way, such as a hotel's login page, may refuse too.
  function isFinal({ status, content }) {
    return status === 410 || (status < 500 && status !== 429 && Boolean(content?.sentence));
  }

  // What is no JSON is an error page: without content.
  async function read(response) {
    const content = response.ok ? await response.json() : await response.json().catch(() => null);
    return { ok: response.ok, status: response.status, content };
  }

  // The server says no for good, for instance because the time is over, and tells why.
  function refuse(content) {
    refused = true;
    unsent.clear();
    remember();
    if (content?.sentence) say(content.sentence);
    else window.location.reload();
  }

  // --- Answering -----------------------------------------------------------

  form.addEventListener("change", (event) => {
    const [, item] = /^item-(\d+)$/.exec(event.target.name) || [];
    if (!item) return;
    const ms = Math.round(performance.now() - shownAt);
    shownAt = performance.now();
    field("ms", item).value = ms;
    unsent.delete(item);
    unsent.set(item, { value: event.target.value, ms });
    remember();
    const question = event.target.closest(".question");
    question.querySelector("fieldset").removeAttribute("aria-invalid");
    question.querySelector(".field-error")?.remove();
    send();
  });

  // A pointer goes on to the next open question; keys are left where they are, because arrow keys
  // choose an answer on the way to another. The click itself does not tell: WebKit says of one by
  // a label, as of one by a key, that nothing was clicked (detail is 0).
  document.addEventListener("pointerdown", () => { pointed = true; }, true);
  document.addEventListener("keydown", () => { pointed = false; }, true);
  form.addEventListener("click", (event) => {
    if (!event.target.matches("input[type=radio]") || !pointed) return;
    const next = event.target.closest(".question").nextElementSibling;
    if (!next?.matches(".question") || next.querySelector(":checked")) return;
    const calm = window.matchMedia("(prefers-reduced-motion: reduce)").matches;
    next.scrollIntoView({ behavior: calm ? "auto" : "smooth", block: "center" });
  });

  // The form carries every answer of the page, so what is unsent goes along. An answer on its way
  // is waited for: overtaken by the form, it could undo a newer one. Where there may be no
  // connection it is looked for first, as a page that can't be loaded takes this one's place. What
  // the browser says of it is a hint only, and who presses a third time is let go.
  form.addEventListener("submit", (event) => {
    const go = () => {
      leave = null;
      sure = true;
      press(event.submitter);
    };
    if (sending) {
      event.preventDefault();
      leave = () => { leave = null; press(event.submitter); };
    } else if (!sure && !refused && looked < 2 && (failures || !navigator.onLine)) {
      event.preventDefault();
      look(go);
    } else {
      sure = false;
      leaving = true;
      setTimeout(() => { leaving = false; send(); }, LEAVE_MS); // still here: it did not work
    }
  });

  // Sends the form as if its button was pressed again; some browsers have no requestSubmit.
  function press(button) {
    if (button) button.click();
    else if (form.requestSubmit) form.requestSubmit();
    else form.submit();
  }

  async function look(go) {
    if (looking) return;
    looking = true;
    say(form.dataset.saving);
    try {
      await within(LOOK_MS, window.location.href, { method: "HEAD", cache: "no-store" }, () => null);
    } catch {
      looking = false;
      looked += 1;
      troubleWords = unsent.size ? form.dataset.unsent : form.dataset.offline;
      say(troubleWords);
      return;
    }
    looking = false;
    if (sending) leave = go;
    else go();
  }

  window.addEventListener("online", () => {
    failures = looked = 0;
    troubleWords = form.dataset.offline;
    if (unsent.size) send();
    else say("");
  });
  window.addEventListener("pageshow", (event) => {
    if (!event.persisted) return;
    leaving = false;
    shownAt = performance.now();
    send();
  });
  document.addEventListener("visibilitychange", () => {
    if (document.visibilityState !== "visible") return;
    shownAt = performance.now();
    send();
  });

  recall();
  send();
})();
