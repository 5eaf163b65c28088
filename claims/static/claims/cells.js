// Changing a cell of the table where it stands: its link opens a small form in the cell, which is fetched then. Enter saves,
// Escape leaves, and what comes back is the row as it stands now. Without this the link leads to a page with the same form.
(() => {
  "use strict";

  const table = document.querySelector("[data-choose]");
  const form = document.getElementById("cell-form");
  if (!table || !form || !window.htmx) return;

  const STEPS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };
  let cell = null; // the link whose form is open
  let busy = false;
  let opened = ""; // what its form said when it was opened

  const editor = () => table.querySelector("[data-editor]");
  const values = () => new URLSearchParams(new FormData(form)).toString();
  const cells = (row) => [...row.querySelectorAll("a.cell")];
  const name = (link) => link.pathname.split("/").at(-2);

  const ask = (method, address, how, done) => {
    busy = true;
    const over = () => {
      busy = false;
      done();
    };
    window.htmx.ajax(method, address, how).then(over, over);
  };

  function open(link) {
    if (busy || link === cell) return;
    if (cell && values() !== opened) {
      // Nobody loses what they typed by a click beside it.
      const words = document.createElement("p");
      words.className = "line warning";
      words.textContent = form.dataset.open;
      document.getElementById("line").replaceChildren(words);
      editor().querySelector("input:not([type=hidden]), select").focus();
      return;
    }
    if (cell) leave({ focus: false });
    if (busy) return;
    ask("GET", link.href, { source: link, target: link, swap: "afterend" }, () => {
      if (!editor()) return;
      cell = link;
      link.hidden = true;
      opened = values();
    });
  }

  // The row was drawn anew: it stays chosen if it was, and the focus is where it was.
  function settle(before, ticked, link) {
    const row = document.getElementById(before.id);
    if (!row || row === before) return;
    cell = null;
    row.classList.add("flash");
    const box = row.querySelector("input[name=claim]");
    if (box && ticked) {
      box.checked = true;
      box.dispatchEvent(new Event("change", { bubbles: true }));
    }
    (cells(row).find((one) => name(one) === name(link)) || row).focus();
  }

  function send(method, address, how, done) {
    const row = cell.closest("tr");
    const link = cell;
    const ticked = Boolean(row.querySelector("input[name=claim]:checked"));
    ask(method, address, how, () => {
      settle(row, ticked, link);
      if (done) done();
    });
  }

  function close(focus) {
    if (!cell) return;
    editor()?.remove();
    cell.hidden = false;
    if (focus) cell.focus();
    cell = null;
  }

  function leave({ focus = true } = {}) {
    const shown = editor();
    if (!shown || busy) return;
    if (shown.hasAttribute("data-stale")) {
      // A colleague was first, so the cell below the form is not what stands there. Without an answer it is closed all the same.
      send("GET", `${cell.href}?row`, { target: cell.closest("tr"), swap: "outerHTML" }, () => close(true));
      return;
    }
    close(focus);
  }

  // Between cells as in a sheet: to the side in the row, up and down to the same one of the rows around.
  function step(from, across, down) {
    const row = from.closest("[data-item]");
    if (down) {
      for (let next = row; next; ) {
        next = down > 0 ? next.nextElementSibling : next.previousElementSibling;
        const same = next && cells(next).find((one) => name(one) === name(from));
        if (same) return same;
      }
      return null;
    }
    const all = cells(row);
    const by = document.documentElement.dir === "rtl" ? -across : across;
    return from === row ? (by > 0 ? all[0] : null) : all[all.indexOf(from) + by];
  }

  form.addEventListener("submit", (event) => {
    event.preventDefault();
    if (cell && !busy) send("POST", cell.href, { source: form, target: editor(), swap: "outerHTML" });
  });

  table.addEventListener("click", (event) => {
    if (event.target.closest("[data-leave]")) leave();
    const link = event.target.closest("a.cell");
    if (!link || event.button || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
    event.preventDefault();
    open(link);
  });

  table.addEventListener("keydown", (event) => {
    if (event.isComposing || event.altKey || event.ctrlKey || event.metaKey || event.shiftKey) return;
    const at = event.target;
    if (at.closest("[data-editor]")) {
      if (event.key === "Escape") leave();
      else if (event.key === "Enter" && at.matches("input, select")) form.requestSubmit();
      else return;
      event.preventDefault();
      return;
    }
    if (!at.matches("a.cell, [data-item]")) return;
    const to = STEPS[event.key] && step(at, ...(at.matches("a.cell") ? STEPS[event.key] : [STEPS[event.key][0], 0]));
    if (event.key === "F2") {
      const link = at.matches("a.cell") ? at : cells(at)[0];
      if (link) open(link);
    } else if (to) to.focus();
    else return;
    event.preventDefault();
  });

  // A refusal by role comes with the form and what was typed in it, so here it is put into the page.
  document.addEventListener("htmx:beforeSwap", ({ detail }) => {
    if (detail.xhr.status !== 403 || !detail.xhr.responseText.includes("data-editor")) return;
    detail.shouldSwap = true;
    detail.isError = false;
  });
})();
