// The reader's current claim: moving through the cards, from marks to cards and back, and on after a decision. The
// buttons do the work; this only says which claim is meant.
"use strict";
(() => {
  const rail = document.getElementById("rail");
  const text = document.getElementById("text");
  if (!rail || !text) return;
  rail.dataset.live = "";

  const cards = () => Array.from(rail.querySelectorAll(".claim-card"));
  const current = () => rail.querySelector('.claim-card[aria-current="true"]');

  const mark = (key, on) => {
    for (const piece of text.querySelectorAll(`mark[data-c~="${key}"]`)) piece.classList.toggle("mark-current", on);
    const number = document.getElementById(`mark-${key}`);
    if (number) number.classList.toggle("num-current", on);
  };

  // The address names the claim, so that the way back from its pages leads to it and not to the first one.
  let remembering = 0;
  const remember = (key) => {
    window.clearTimeout(remembering);
    remembering = window.setTimeout(() => {
      const address = new URL(window.location.href);
      for (const name of ["after", "at"]) address.searchParams.delete(name);
      address.searchParams.set("claim", key);
      window.history.replaceState(window.history.state, "", address);
    }, 150);
  };

  let last = current();
  const choose = (card, { focus = false, scroll = true } = {}) => {
    // After an undo the card that came back is current already, beside the one that was.
    for (const before of cards()) {
      if (before === card || before.getAttribute("aria-current") !== "true") continue;
      before.setAttribute("aria-current", "false");
      for (const menu of before.querySelectorAll("details[open]")) menu.open = false;
      mark(before.dataset.card, false);
    }
    card.setAttribute("aria-current", "true");
    mark(card.dataset.card, true);
    last = card;
    remember(card.dataset.card);
    if (focus) card.focus({ preventScroll: true });
    if (!scroll) return;
    card.scrollIntoView({ block: "nearest" });
    const words = document.getElementById(`mark-${card.dataset.card}`);
    if (words) words.scrollIntoView({ block: "nearest" });
  };

  // The keys j and k are the page's own; they say which card they chose.
  rail.addEventListener("desk:current", (event) => {
    if (last && last !== event.target) mark(last.dataset.card, false);
    choose(event.target);
  });

  const step = (by) => {
    const all = cards();
    const at = all.indexOf(current());
    const beyond = by > 0 ? rail.dataset.beyond : rail.dataset.before;
    if (!all[at + by] && beyond) return window.location.assign(beyond);
    const next = all[Math.min(Math.max(at + by, 0), all.length - 1)];
    if (next) choose(next, { focus: true });
    return undefined;
  };

  document.addEventListener("click", (event) => {
    const mover = event.target.closest("[data-step]");
    if (mover) return step(Number(mover.dataset.step));
    const number = event.target.closest("a.num");
    if (number) {
      const card = document.getElementById(`card-${number.dataset.card}`);
      if (!card) return undefined;
      event.preventDefault();
      return choose(card, { focus: true });
    }
    const piece = event.target.closest("mark[data-c]");
    if (piece && document.getSelection().isCollapsed) {
      const keys = piece.dataset.c.split(" ");
      // Where claims overlap a second click takes the other one.
      const at = keys.indexOf(current() ? current().dataset.card : "");
      const card = document.getElementById(`card-${keys[(at + 1) % keys.length]}`);
      if (card) choose(card, { focus: true });
    }
    return undefined;
  });

  rail.addEventListener("focusin", (event) => {
    const card = event.target.closest(".claim-card");
    if (card && card !== current()) choose(card, { scroll: false });
  });

  // A menu at the lower edge of the rail is brought into view when it opens.
  rail.addEventListener("toggle", (event) => {
    const sheet = event.target.open && event.target.querySelector(".sheet");
    if (sheet) sheet.scrollIntoView({ block: "nearest" });
  }, true);

  // After a decision the server names the claim that comes next; focus goes there, the line above says so.
  document.body.addEventListener("htmx:afterRequest", (event) => {
    // The form itself may be gone by now: its card was swapped.
    const form = event.detail.requestConfig.elt.closest("form");
    if (!form || !form.elements.view) return;
    window.setTimeout(() => {
      const said = document.querySelector("#said [data-next]");
      const card = said && document.getElementById(said.dataset.next);
      if (card) choose(card, { focus: true });
      else if (said && said.dataset.to) window.location.assign(said.dataset.to);
      else rail.focus({ preventScroll: true });
    }, 30);
  });
})();
