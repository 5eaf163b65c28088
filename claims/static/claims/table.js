// Choosing rows: one box for all, and how many are chosen. Without it every box still works.
(() => {
  "use strict";

  const table = document.querySelector("[data-choose]");
  if (!table) return;
  const boxes = () => [...table.querySelectorAll("tbody input[type=checkbox]")];
  const all = table.querySelector("thead input[type=checkbox]");
  const count = document.querySelector("[data-chosen]");
  const deeds = count && count.closest("fieldset");

  const everything = document.querySelector("[data-everything]");

  function tell() {
    const chosen = boxes().filter((box) => box.checked).length;
    if (count) {
      const whole = everything && everything.checked;
      count.textContent = whole ? everything.dataset.everything : String(chosen);
      count.parentElement.hidden = false;
      deeds.hidden = chosen === 0 && !whole;
    }
    if (all) {
      all.checked = chosen > 0 && chosen === boxes().length;
      all.indeterminate = chosen > 0 && !all.checked;
    }
  }

  if (all) {
    all.closest("label").hidden = false;
    all.addEventListener("change", () => {
      for (const box of boxes()) box.checked = all.checked;
      tell();
    });
  }
  table.addEventListener("change", tell);
  if (everything) everything.addEventListener("change", tell);
  tell();
})();
