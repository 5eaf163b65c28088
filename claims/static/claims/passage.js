// Remarks on a passage of the report: selected words go into the comment's field, and a remark leads back to its words.
"use strict";
(() => {
  const report = document.querySelector(".report-preview");
  const bar = document.getElementById("passage-bar");
  const field = document.getElementById("passage");
  if (!report) return;

  const flat = (text) => text.replace(/\s+/gu, " ").trim();

  const chosen = () => {
    const selection = document.getSelection();
    if (!selection || selection.isCollapsed || !selection.rangeCount) return "";
    const range = selection.getRangeAt(0);
    return report.contains(range.commonAncestorContainer) ? flat(selection.toString()) : "";
  };

  const show = () => {
    const words = chosen();
    bar.hidden = !words;
    if (!words) return;
    bar.querySelector("output").textContent = words.length > 60 ? `${words.slice(0, 60)}…` : words;
    const place = document.getSelection().getRangeAt(0).getBoundingClientRect();
    bar.style.insetBlockStart = `${Math.max(60, Math.min(place.bottom + 8, window.innerHeight - 60))}px`;
  };

  if (bar && field) {
    let dragging = false;
    let resting = 0;
    report.addEventListener("pointerdown", (event) => { dragging = event.pointerType === "mouse"; });
    document.addEventListener("pointerup", () => { dragging = false; });
    report.addEventListener("pointerup", () => window.setTimeout(show, 0));
    document.addEventListener("keyup", (event) => {
      if (event.shiftKey || event.key === "Shift") show();
    });
    document.addEventListener("selectionchange", () => {
      window.clearTimeout(resting);
      if (!chosen() && !bar.contains(document.activeElement)) bar.hidden = true;
      // Fingers move the ends of a selection without the page being told: it shows when they rest.
      else if (chosen() && !dragging) resting = window.setTimeout(show, 350);
    });
    bar.querySelector("button").addEventListener("click", () => {
      field.value = chosen().slice(0, 2000);
      bar.hidden = true;
      const comment = field.form.elements.text;
      comment.focus();
      comment.scrollIntoView({ block: "nearest" });
    });
  }

  // The words of a remark as a range of the report, whatever blanks and line ends stand between them.
  const find = (words) => {
    const wanted = words.replace(/\s+/gu, "");
    const walker = document.createTreeWalker(report, NodeFilter.SHOW_TEXT);
    const places = [];
    let text = "";
    for (let node = walker.nextNode(); node; node = walker.nextNode()) {
      for (let at = 0; at < node.data.length; at += 1) {
        if (/\s/u.test(node.data[at])) continue;
        text += node.data[at];
        places.push([node, at]);
      }
    }
    const from = wanted ? text.indexOf(wanted) : -1;
    if (from < 0) return null;
    const range = document.createRange();
    range.setStart(...places[from]);
    const [last, at] = places[from + wanted.length - 1];
    range.setEnd(last, at + 1);
    return range;
  };

  for (const quote of document.querySelectorAll("[data-passage]")) {
    const range = find(quote.textContent);
    if (!range) continue;
    const button = document.createElement("button");
    button.type = "button";
    button.className = "passage-link";
    button.textContent = quote.textContent;
    button.addEventListener("click", () => {
      const selection = document.getSelection();
      selection.removeAllRanges();
      selection.addRange(find(quote.textContent) || range);
      range.startContainer.parentElement.scrollIntoView({ block: "center" });
    });
    quote.replaceChildren(button);
  }
})();
