// Passkeys: a form that carries one asks the browser for it first, then goes the way of every form. It is shown only
// where the browser can do that and the page stands at the desk's own address; what else one can do is said beside it.
"use strict";
(() => {
  const able = Boolean(window.isSecureContext && window.PublicKeyCredential && navigator.credentials);

  const bytes = (text) =>
    Uint8Array.from(atob(text.replaceAll("-", "+").replaceAll("_", "/")), (letter) => letter.charCodeAt(0));
  const text = (buffer) =>
    btoa(Array.from(new Uint8Array(buffer), (byte) => String.fromCharCode(byte)).join(""))
      .replaceAll("+", "-")
      .replaceAll("/", "_")
      .replace(/=+$/, "");
  const named = (keys) => (keys || []).map((key) => ({ ...key, id: bytes(key.id) }));

  // Written out by hand, since browsers of a year or two ago do not convert these themselves.
  const make = (options) =>
    navigator.credentials.create({
      publicKey: {
        ...options,
        challenge: bytes(options.challenge),
        user: { ...options.user, id: bytes(options.user.id) },
        excludeCredentials: named(options.excludeCredentials),
      },
    });
  const ask = (options) =>
    navigator.credentials.get({
      publicKey: { ...options, challenge: bytes(options.challenge), allowCredentials: named(options.allowCredentials) },
    });
  const written = (key) => {
    const response = { clientDataJSON: text(key.response.clientDataJSON) };
    for (const name of ["attestationObject", "authenticatorData", "signature", "userHandle"]) {
      if (key.response[name]) response[name] = text(key.response[name]);
    }
    return JSON.stringify({ id: key.id, rawId: text(key.rawId), type: key.type, response });
  };

  async function fill(form) {
    const answer = await fetch(form.dataset.begin, { method: "POST", body: new FormData(form) });
    if (answer.status === 403) return true; // the server asks for something first, and says what on its own page
    const told = await answer.json();
    if (!answer.ok) throw new Error(told.said, { cause: "said" });
    const key = await (form.dataset.passkey === "make" ? make(told) : ask(told));
    if (!key) return false;
    form.querySelector("[data-answer]").value = written(key);
    return true;
  }

  const words = (form, error) => {
    if (error.cause === "said") return error.message;
    if (error.name === "InvalidStateError") return form.dataset.known;
    return error.name === "NotAllowedError" || error.name === "AbortError" ? form.dataset.none : form.dataset.fault;
  };

  for (const form of document.querySelectorAll("form[data-passkey]")) {
    const usable = able && form.dataset.origin === window.location.origin;
    form.hidden = !usable;
    for (const other of document.querySelectorAll("[data-passkey-else]")) other.hidden = usable;
    if (!usable) continue;
    const line = form.querySelector("[role=status]");
    form.addEventListener("submit", async (event) => {
      event.preventDefault();
      const button = form.querySelector("button[type=submit]");
      button.disabled = true;
      line.textContent = form.dataset.wait;
      try {
        if (await fill(form)) {
          // Not form.submit(), which a field of that name would hide.
          HTMLFormElement.prototype.submit.call(form);
          return;
        }
        line.textContent = form.dataset.none;
      } catch (error) {
        line.textContent = words(form, error);
      }
      button.disabled = false;
      button.focus();
    });
  }
})();
