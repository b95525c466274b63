// The questionnaire: sends each answer as it is given, and keeps what could not be sent until
// there is a connection again. Without this file, Continue sends the page's answers.
"use strict";

(() => {
  const form = document.querySelector("form[data-answer-url]");
  if (!form) return;

  const PATIENCE_MS = 15000;
  const RETRY_MS = [1000, 3000, 10000, 30000];
  const state = document.getElementById("sitting-state");
  const progress = document.querySelector("progress");
  const count = document.querySelector(".progress-label > :last-child");
  const part = form.elements.part.value;
  const storageKey = `unsent ${form.dataset.answerUrl} ${part}`;
  const unsent = new Map(); // item number -> {value, ms}; a newer answer takes the older one's place
  let shownAt = performance.now();
  let sending = false;
  let failures = 0;
  let retryTimer = 0;
  let refused = false;
  let leaving = false;
  let leave = null; // what to do once the answer on its way has arrived
  let troubleWords = form.dataset.offline;

  const say = (text) => { if (state.textContent !== text) state.textContent = text; };
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
      failures = 0;
      troubleWords = form.dataset.offline;
      if (unsent.get(item) === answer) unsent.delete(item);
      if (field("was", item)) field("was", item).value = answer.value;
      remember();
      if (!unsent.size) say(form.dataset.saved);
    } catch {
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
    const response = await fetch(form.dataset.answerUrl, {
      method: "POST", body, signal: AbortSignal.timeout(PATIENCE_MS),
    });
    if (response.status >= 500 || response.status === 429) throw new Error("try again");
    if (!response.ok) return refuse(response);
    const { answered, total } = await response.json();
    progress.value = answered;
    count.textContent = form.dataset.count.replace("{answered}", answered).replace("{total}", total);
  }

  // The server says no for good, for instance because the time is over, and tells why.
  async function refuse(response) {
    refused = true;
    unsent.clear();
    remember();
    try {
      say((await response.json()).sentence);
    } catch {
      window.location.reload();
    }
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

  // A pointer goes on to the next open question by itself; a keyboard is left where it is, because
  // arrow keys choose an answer on the way to another.
  form.addEventListener("click", (event) => {
    if (!event.target.matches("input[type=radio]") || event.detail === 0) return;
    const next = event.target.closest(".question").nextElementSibling;
    if (!next || !next.matches(".question") || next.querySelector(":checked")) return;
    next.scrollIntoView({ behavior: "smooth", block: "center" });
  });

  // The form carries every answer of the page, so what is unsent goes along. An answer on its way
  // is waited for: overtaken by the form, it could undo a newer one.
  form.addEventListener("submit", (event) => {
    if (!navigator.onLine) {
      event.preventDefault();
      troubleWords = form.dataset.unsent;
      say(troubleWords);
    } else if (sending) {
      event.preventDefault();
      leave = () => {
        leave = null;
        form.requestSubmit(event.submitter);
      };
    } else {
      leaving = true;
      setTimeout(() => { leaving = false; send(); }, PATIENCE_MS); // still here: it did not work
    }
  });

  window.addEventListener("online", () => {
    failures = 0;
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
