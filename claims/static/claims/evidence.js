// Sorting the sources: dragging a card within its column or into another one, or Alt with an arrow key on a card. The
// buttons on each card do the same without a script.
"use strict";
(() => {
  let card = null;

  const board = () => document.querySelector(".evidence-board[data-sort]");
  const columnOf = (event) => event.target.closest(".evidence-board[data-sort] .evidence-column");
  const place = (column, y) =>
    [...column.querySelectorAll(".source")].find((one) => {
      const box = one.getBoundingClientRect();
      return one !== card && y < box.top + box.height / 2;
    });

  const rest = () => {
    for (const one of document.querySelectorAll(".evidence-column.over, .source.before, .source.dragged")) {
      one.classList.remove("over", "before", "dragged");
    }
  };

  const send = (column) => {
    const form = document.getElementById("evidence-order");
    form.elements.order.value = [...board().querySelectorAll("[data-source]")].map((one) => one.dataset.source).join(",");
    form.elements.moved.value = card.dataset.source;
    form.elements.stance.value = column.dataset.stance;
    form.requestSubmit();
  };

  document.addEventListener("dragstart", (event) => {
    const found = event.target.closest && event.target.closest(".evidence-board[data-sort] .source");
    if (!found) return;
    card = found;
    card.classList.add("dragged");
    event.dataTransfer.effectAllowed = "move";
    event.dataTransfer.setData("text/plain", card.id);
  });

  document.addEventListener("dragover", (event) => {
    const column = card && columnOf(event);
    if (!column) return;
    event.preventDefault();
    for (const one of document.querySelectorAll(".evidence-column.over, .source.before")) one.classList.remove("over", "before");
    column.classList.add("over");
    const before = place(column, event.clientY);
    if (before) before.classList.add("before");
  });

  document.addEventListener("drop", (event) => {
    const column = card && columnOf(event);
    if (!column) return;
    event.preventDefault();
    const before = place(column, event.clientY);
    const list = column.querySelector("ol");
    list.insertBefore(card.closest("li"), before ? before.closest("li") : null);
    send(column);
  });

  document.addEventListener("dragend", () => {
    rest();
    card = null;
  });

  document.addEventListener("keydown", (event) => {
    if (!event.altKey || !["ArrowUp", "ArrowDown"].includes(event.key)) return;
    const found = event.target.closest && event.target.closest(".evidence-board[data-sort] .source");
    const button = found && found.querySelector(`button[name=to][value=${event.key === "ArrowUp" ? "up" : "down"}]`);
    if (!button) return;
    event.preventDefault();
    button.click();
  });
})();
