// Dragging a card presses the button, or follows the link, that its menu has for the column it is dropped on.
(() => {
  "use strict";

  const board = document.querySelector(".board");
  if (!board) return;
  let card = null;

  const way = (column) => card && card.querySelector(`[data-to="${CSS.escape(column.dataset.status)}"]`);
  const columnOf = (event) => event.target.closest(".column");

  function rest() {
    board.classList.remove("dragging");
    for (const column of board.querySelectorAll(".column")) column.classList.remove("legal", "over");
    card = null;
  }

  board.addEventListener("dragstart", (event) => {
    card = event.target.closest(".card");
    if (!card) return;
    event.dataTransfer.effectAllowed = "move";
    event.dataTransfer.setData("text/plain", card.id);
    board.classList.add("dragging");
    for (const column of board.querySelectorAll(".column")) column.classList.toggle("legal", Boolean(way(column)));
  });

  board.addEventListener("dragover", (event) => {
    const column = columnOf(event);
    if (column && way(column)) event.preventDefault();
  });

  board.addEventListener("drop", (event) => {
    const column = columnOf(event);
    const move = column && way(column);
    if (!move) return;
    event.preventDefault();
    if (move.form) move.form.requestSubmit(move);
    else location.assign(move.href);
  });

  board.addEventListener("dragend", rest);
})();
