// Saves a draft by itself: two seconds after the last key, on leaving a field and on hiding the page. What state it is
// in is always said; a save that fails keeps the text where it is, and a newer draft of a colleague stops it.
"use strict";
(() => {
  const form = document.querySelector("form[data-draft]");
  const state = document.getElementById("draft-state");
  if (!form || !state || !window.fetch) return;

  const WAIT = 2000;
  const AGAIN = 5000;
  let timer = 0;
  let changes = 0;
  let saved = 0;
  let saving = false;
  let paused = false;

  const say = (name, words) => {
    state.dataset.state = name;
    state.textContent = words;
  };
  const dirty = () => changes !== saved;
  const soon = (wait) => {
    window.clearTimeout(timer);
    if (!paused) timer = window.setTimeout(save, wait);
  };

  async function save({ leaving = false } = {}) {
    if (saving || paused || !dirty()) return;
    saving = true;
    const upTo = changes;
    say("saving", state.dataset.saving);
    try {
      const answer = await fetch(form.action, {
        method: "POST",
        body: new FormData(form),
        headers: { Accept: "application/json" },
        keepalive: leaving,
      });
      const told = await answer.json();
      if (answer.ok) {
        form.elements.revision.value = told.revision;
        saved = upTo;
        say(dirty() ? "changed" : "saved", dirty() ? state.dataset.changed : told.said);
        document.body.dispatchEvent(new CustomEvent("draft:saved"));
        refresh();
      } else {
        paused = Boolean(told.conflict);
        say("paused", told.said);
        if (paused) compare();
      }
    } catch {
      say("offline", state.dataset.offline);
      saving = false;
      soon(AGAIN);
      return;
    }
    saving = false;
    if (dirty()) soon(WAIT);
  }

  // Both texts stand side by side on a page of their own; the button that saves leads there.
  const compare = () => {
    const button = document.createElement("button");
    button.type = "button";
    button.className = "btn-small";
    button.id = "compare-drafts";
    button.textContent = state.dataset.compare;
    button.addEventListener("click", () => form.requestSubmit(document.getElementById("save-draft")));
    state.append(" ", button);
  };

  // A preview that is open beside the form shows what is written now.
  const refresh = () => {
    const pane = document.getElementById("preview-pane");
    const button = document.getElementById("preview-button");
    if (pane && button && pane.childElementCount && window.htmx) window.htmx.trigger(button, "click");
  };

  form.addEventListener("input", () => {
    changes += 1;
    if (!paused) say("changed", state.dataset.changed);
    soon(WAIT);
  });
  form.addEventListener("focusout", (event) => {
    if (event.target.matches("input, textarea") && dirty()) soon(150);
  });
  form.addEventListener("submit", (event) => {
    if (!event.submitter || event.submitter.id !== "preview-button") saved = changes;
    window.clearTimeout(timer);
  });
  document.addEventListener("visibilitychange", () => {
    if (document.visibilityState === "hidden") save({ leaving: true });
  });
  window.addEventListener("beforeunload", (event) => {
    if (dirty()) event.preventDefault();
  });
})();
