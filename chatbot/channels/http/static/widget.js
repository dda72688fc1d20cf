// <script src="https://…/widget.js" defer></script> on any page: a button that opens the chat in a frame of its own.
// Nothing is fetched or kept before the button is pressed. data-label, data-title and data-side="left" may be set.
"use strict";
(() => {
  const script = document.currentScript;
  const chat = new URL("chat?cadre=1", script.src).href;
  const label = script.dataset.label || "Une question\u00a0?";
  const title = script.dataset.title || "Assistant du service client";
  const side = script.dataset.side === "left" ? "left" : "right";

  const host = document.createElement("div");
  host.lang = "fr";
  const shadow = host.attachShadow({ mode: "open" });
  const style = new CSSStyleSheet();
  style.replaceSync(`
    :host { all: initial; position: fixed; z-index: 2147483000; bottom: 1rem; ${side}: 1rem; max-width: calc(100vw - 2rem);
      font: 16px/1.4 system-ui, "Segoe UI", Roboto, Arial, sans-serif; color-scheme: light dark; }
    button { font: inherit; font-weight: 600; cursor: pointer; border: 0; border-radius: 999px; padding: .8rem 1.2rem;
      min-height: 48px; background: #0b5c6b; color: #fff; box-shadow: 0 4px 18px rgb(0 0 0 / 30%); float: ${side}; }
    button:focus-visible { outline: 3px solid #fff; outline-offset: -6px; box-shadow: 0 0 0 4px #0b5c6b; }
    section { width: min(400px, calc(100vw - 2rem)); height: min(620px, calc(100vh - 6rem)); margin-bottom: .75rem;
      border-radius: 18px; overflow: hidden; box-shadow: 0 10px 40px rgb(0 0 0 / 35%); background: Canvas; }
    section[hidden] { display: none; }
    iframe { width: 100%; height: 100%; border: 0; display: block; }
    @media print { :host { display: none; } }
    @media (forced-colors: active) { button, section { border: 2px solid; } }
  `);
  shadow.adoptedStyleSheets = [style];

  const panel = document.createElement("section");
  panel.id = "chat";
  panel.hidden = true;
  panel.setAttribute("aria-label", title);
  const button = document.createElement("button");
  button.type = "button";
  button.textContent = label;
  button.setAttribute("aria-expanded", "false");
  button.setAttribute("aria-controls", "chat");
  shadow.append(panel, button);
  (document.body || document.documentElement).append(host);

  function open() {
    if (!panel.firstChild) {
      const frame = document.createElement("iframe");
      frame.src = chat;
      frame.title = title;
      frame.addEventListener("load", () => frame.focus(), { once: true });
      panel.append(frame);
    }
    panel.hidden = false;
    button.textContent = "Fermer";
    button.setAttribute("aria-expanded", "true");
    panel.firstChild.focus();
  }

  function close() {
    panel.hidden = true;
    button.textContent = label;
    button.setAttribute("aria-expanded", "false");
    button.focus();
  }

  button.addEventListener("click", () => (panel.hidden ? open() : close()));
  host.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && !panel.hidden) {
      close();
    }
  });
})();
