// Single keys press the real buttons: whatever carries aria-keyshortcuts. A button that is absent has no key.
(() => {
  "use strict";

  const FIELDS = "textarea, select, [contenteditable], input:not([type=checkbox], [type=radio], [type=button], [type=submit])";
  let afterG = false;

  const visible = (element) => element.checkVisibility();
  // A link in a closed menu can be followed by its key all the same; a button in it waits until the menu is open.
  const usable = (element) => {
    if (visible(element)) return true;
    const menu = element.matches("a[href]") && element.closest("details:not([open])");
    return Boolean(menu) && visible(menu);
  };
  const items = () => [...document.querySelectorAll("[data-item]")].filter(visible);
  const current = () =>
    document.activeElement.closest("[data-item]") || document.querySelector("[data-item][aria-current=true]");

  function bearer(key) {
    const wanted = `[aria-keyshortcuts~="${CSS.escape(key)}"]`;
    const item = current();
    const inside = item && [...item.querySelectorAll(wanted)].find(usable);
    // Outside the current item only what belongs to the page itself, never another item's button.
    return inside || [...document.querySelectorAll(wanted)].find((e) => usable(e) && !e.closest("[data-item]"));
  }

  function press(element) {
    if (element.matches(FIELDS)) {
      element.focus();
      if (element.select) element.select();
      return;
    }
    element.click();
    if (element.matches("summary") && element.parentElement.open) {
      const first = element.parentElement.querySelector("select, textarea, input:not([type=hidden]), button, a[href]");
      if (first) first.focus();
    }
  }

  function step(by) {
    const all = items();
    const at = all.indexOf(current());
    // A list that is shown in parts says where its claims go on, on both sides.
    const holder = !all[at + by] && document.querySelector(by > 0 ? "[data-beyond]" : "[data-before]");
    if (holder) {
      location.assign(by > 0 ? holder.dataset.beyond : holder.dataset.before);
      return true;
    }
    if (!all.length) return false;
    const next = all[Math.min(Math.max(at + by, 0), all.length - 1)];
    for (const item of all) if (item.hasAttribute("aria-current")) item.setAttribute("aria-current", item === next);
    next.focus();
    next.scrollIntoView({ block: "nearest" });
    next.dispatchEvent(new CustomEvent("desk:current", { bubbles: true }));
    return true;
  }

  function open() {
    const item = current();
    const link = item && item.querySelector("[data-open]");
    if (link) link.click();
    return Boolean(link);
  }

  function go(key) {
    const link = document.querySelector(`a[data-key="${CSS.escape(key)}"]`);
    if (link) location.assign(link.href);
    return Boolean(link);
  }

  function help() {
    const link = document.querySelector('a[aria-keyshortcuts="?"]');
    if (link) location.assign(link.href);
    return Boolean(link);
  }

  function single(event) {
    const key = event.key;
    if (afterG) {
      afterG = false;
      return go(key);
    }
    if (key === "g") {
      afterG = true;
      setTimeout(() => { afterG = false; }, 1500);
      return true;
    }
    if (key === "j" && step(1)) return true;
    if (key === "k" && step(-1)) return true;
    if (key === "?") return help();
    if (key === "o" || (key === "Enter" && document.activeElement.matches("[data-item]"))) return open();
    if (key.length !== 1) return false;
    const element = bearer(key);
    if (element) press(element);
    return Boolean(element);
  }

  function closeMenus(except) {
    let closed = null;
    for (const menu of document.querySelectorAll("details.menu[open]")) {
      if (except && menu.contains(except)) continue;
      menu.open = false;
      closed = menu;
    }
    return closed;
  }

  document.addEventListener("keydown", (event) => {
    if (event.isComposing || event.defaultPrevented) return;
    const field = event.target.closest(FIELDS);
    if (event.key === "Escape") {
      const menu = closeMenus();
      if (menu) menu.querySelector("summary").focus();
      else if (field) field.blur();
      return;
    }
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey) && event.target.form) {
      event.preventDefault();
      event.target.form.requestSubmit();
      return;
    }
    if (field || event.ctrlKey || event.altKey || event.metaKey || document.body.dataset.singleKeys === "off") return;
    if (single(event)) event.preventDefault();
  });

  document.addEventListener("click", (event) => closeMenus(event.target));
})();
