// After htmx has changed a part of the page: focus stays somewhere sensible, and the line under the bar says what went wrong.
(() => {
  "use strict";

  const line = () => document.getElementById("line");

  function say(text, link) {
    const place = line();
    if (!place) return;
    const words = document.createElement("p");
    words.className = "line error";
    words.textContent = text;
    if (link) words.append(" ", document.importNode(link, true));
    if (place.textContent !== words.textContent) place.replaceChildren(words); // not read out again and again
  }

  // What somebody opened in a part that is replaced comes open, so that nothing jumps and the focus finds its place in it.
  document.addEventListener("htmx:beforeSwap", ({ detail }) => {
    for (const { id } of detail.target.querySelectorAll("details[data-stays][open]")) {
      detail.serverResponse = detail.serverResponse.replace(`<details id="${id}"`, `<details open id="${id}"`);
    }
  });

  // A proposal that was on its way comes too late for somebody who has chosen meanwhile. One for a former link is no choice.
  document.addEventListener("htmx:beforeSwap", ({ detail }) => {
    if (!detail.target.matches("[data-proposed]")) return;
    const chosen = detail.target.querySelector(":checked");
    if (chosen && chosen.value !== detail.target.querySelector("[name=proposed]")?.value) detail.shouldSwap = false;
  });

  document.addEventListener("htmx:afterSettle", (event) => {
    const wanted = event.detail.elt.querySelector?.("[data-focus]") || document.querySelector("[data-focus]");
    if (!wanted) return;
    wanted.removeAttribute("data-focus");
    wanted.focus({ preventScroll: true });
    wanted.scrollIntoView({ block: "nearest" });
  });

  // A refusal by role comes as a sentence; it is not put into the page in place of something else.
  document.addEventListener("htmx:responseError", (event) => {
    const xhr = event.detail.xhr;
    const words = new DOMParser().parseFromString(xhr.responseText || "", "text/html").querySelector(".line, h1");
    const link = words?.querySelector("a[data-way]");
    link?.remove();
    say(words ? words.textContent.trim() : document.body.dataset.fault || String(xhr.status), link);
  });

  document.addEventListener("htmx:sendError", () => say(document.body.dataset.offline));
})();
