// On narrow screens the list of parts scrolls by itself: the part that is shown has its name in sight there, and says so.
(() => {
  "use strict";

  const list = document.querySelector(".parts ul");
  const bench = document.querySelector(".workbench");
  if (!list || !bench) return;

  function shown() {
    const target = location.hash.length > 1 && document.getElementById(decodeURIComponent(location.hash.slice(1)));
    const part = target && target.closest(".part");
    return part ? part.dataset.part : bench.dataset.now;
  }

  function follow() {
    for (const link of list.querySelectorAll("a")) {
      const here = link.getAttribute("href") === `#${shown()}`;
      if (!here) {
        link.removeAttribute("aria-current");
        continue;
      }
      link.setAttribute("aria-current", "true");
      // The list alone is moved; the page stays where the address has put it.
      const [box, room] = [link.getBoundingClientRect(), list.getBoundingClientRect()];
      list.scrollLeft += box.left + box.width / 2 - (room.left + room.width / 2);
    }
  }

  addEventListener("hashchange", follow);
  follow();
})();
