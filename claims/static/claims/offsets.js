// Selecting words in an article: from the browser's selection to offsets in code points, and back to the server with
// the words themselves, so that it can refuse what does not match. Each piece of text carries its offset in data-o.
"use strict";
(() => {
  const count = (text) => Array.from(text).length;

  // The pieces under a range, each with the part of it that is selected, in code points from its own start.
  const parts = (root, range) => {
    const found = [];
    for (const piece of root.querySelectorAll("[data-o]")) {
      if (!range.intersectsNode(piece)) continue;
      const inside = document.createRange();
      inside.selectNodeContents(piece);
      const before = inside.cloneRange();
      if (piece.contains(range.startContainer)) before.setEnd(range.startContainer, range.startOffset);
      else before.collapse(true);
      if (piece.contains(range.endContainer)) inside.setEnd(range.endContainer, range.endOffset);
      const from = count(before.toString());
      const to = count(inside.toString());
      if (to > from) found.push({ piece, start: Number(piece.dataset.o), from, to });
    }
    return found;
  };

  // The paragraphs under the selection as one text: the pieces, with the blanks that stand between paragraphs.
  const passage = (found) => {
    const first = found[0].piece.parentElement;
    const last = found[found.length - 1].piece.parentElement;
    let text = "";
    for (let block = first; block; block = block.nextElementSibling) {
      if (block !== first) text += block.dataset.gap || "";
      for (const piece of block.querySelectorAll("[data-o]")) text += piece.textContent;
      if (block === last) break;
    }
    return { base: Number(first.querySelector("[data-o]").dataset.o), text };
  };

  // Half a word is never meant: ends move out to the edges of words and of grapheme clusters.
  const snap = (points, start, end) => {
    const text = points.join("");
    if (typeof Intl.Segmenter === "function") {
      let at = 0;
      for (const segment of new Intl.Segmenter(document.documentElement.lang, { granularity: "word" }).segment(text)) {
        const next = at + count(segment.segment);
        if (at < start && start < next) start = at;
        if (at < end && end < next) end = next;
        at = next;
      }
    }
    while (start < end && /\s/u.test(points[start])) start += 1;
    while (end > start && /\s/u.test(points[end - 1])) end -= 1;
    return [start, end];
  };

  // What is selected in root: { start, end, text } in code points of the article, or null.
  const read = (root, selection) => {
    if (!selection || selection.isCollapsed || !selection.rangeCount) return null;
    const found = parts(root, selection.getRangeAt(0));
    if (!found.length) return null;
    const { base, text } = passage(found);
    const points = Array.from(text);
    const tail = found[found.length - 1];
    const [start, end] = snap(points, found[0].start + found[0].from - base, tail.start + tail.to - base);
    if (end <= start) return null;
    return { start: base + start, end: base + end, text: points.slice(start, end).join("") };
  };

  const bar = document.getElementById("selection-bar");
  const root = bar && document.getElementById(bar.dataset.for);
  if (!root) return;

  const hide = () => {
    bar.hidden = true;
  };
  const show = () => {
    const chosen = read(root, document.getSelection());
    if (!chosen) return hide();
    bar.elements.start.value = chosen.start;
    bar.elements.end.value = chosen.end;
    bar.elements.text.value = chosen.text;
    bar.querySelector("output").textContent = chosen.text.length > 90 ? `${chosen.text.slice(0, 90)}…` : chosen.text;
    bar.hidden = false;
    const place = document.getSelection().getRangeAt(0).getBoundingClientRect();
    const top = Math.min(place.bottom + 8, window.innerHeight - bar.offsetHeight - 8);
    bar.style.insetBlockStart = `${Math.max(60, top)}px`;
  };

  // On release only: a bar that shows while one drags swallows the selection.
  let dragging = false;
  let resting = 0;
  root.addEventListener("pointerdown", (event) => { dragging = event.pointerType === "mouse"; });
  document.addEventListener("pointerup", () => { dragging = false; });
  root.addEventListener("pointerup", () => window.setTimeout(show, 0));
  document.addEventListener("keyup", (event) => {
    if (event.shiftKey || event.key === "Shift") show();
  });
  document.addEventListener("selectionchange", () => {
    const selection = document.getSelection();
    window.clearTimeout(resting);
    if (selection && selection.isCollapsed && !bar.contains(document.activeElement)) hide();
    // Fingers move the ends of a selection without the page being told: it shows when they rest.
    else if (!dragging) resting = window.setTimeout(show, 350);
  });
  bar.addEventListener("keydown", (event) => {
    if (event.key === "Escape") hide();
  });
  bar.querySelector("[data-dismiss]").addEventListener("click", () => {
    document.getSelection().removeAllRanges();
    hide();
  });
  root.addEventListener("offsets:read", (event) => {
    event.detail.chosen = read(root, document.getSelection());
  });
})();
