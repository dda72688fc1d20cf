// The chat without leaving the page. The form works without this script; here the same request asks for a fragment.
// Nothing is kept before the first message; then this tab alone remembers the conversation (sessionStorage, no cookie).
"use strict";
(() => {
  const chat = document.querySelector(".chat");
  const log = chat.querySelector(".log");
  const form = document.getElementById("say");
  const input = form.elements.text;
  const send = form.querySelector("button");
  const status = form.querySelector(".status");
  const memory = "chatbot";
  const hidden = "•••";
  let busy = false;
  let turns = recall();

  document.body.classList.add("scripted");
  if (turns.length) {
    restore();
  }

  chat.addEventListener("submit", (event) => {
    event.preventDefault();
    const chosen = event.submitter && event.submitter.name === "choice" ? event.submitter : null;
    const text = chosen ? chosen.value : input.value.trim();
    if (text && !busy) {
      say(text, chosen ? chosen.textContent : text);
    }
  });

  async function say(text, shown) {
    busy = true;
    status.textContent = "";
    send.setAttribute("aria-disabled", "true");
    log.setAttribute("aria-busy", "true");
    const mine = add(bubble(shown));
    input.value = "";
    input.focus({ preventScroll: true });
    try {
      const answer = await ask(text);
      if (answer.private) {
        mine.querySelector("p").textContent = hidden;
      }
      form.elements.conversation.value = answer.conversation;
      form.elements.message_id.value = fresh();
      add(parse(answer.html));
      remember({ shown: answer.private ? hidden : shown }, answer);
    } catch (error) {
      mine.remove();
      input.value = text;
      status.textContent = error.message;
      log.hidden = log.childElementCount === 0;
    } finally {
      busy = false;
      send.removeAttribute("aria-disabled");
      log.removeAttribute("aria-busy");
    }
  }

  // Sent again with the same message_id, a message whose reply was lost on the way is answered, never taken twice.
  async function ask(text) {
    const body = new URLSearchParams({
      text,
      conversation: form.elements.conversation.value,
      message_id: form.elements.message_id.value,
    });
    for (const wait of [400, 1200, 3000, 0]) {
      try {
        const response = await fetch(chat.dataset.turn, { method: "POST", body });
        if (response.ok) {
          return await response.json();
        }
        if (response.status === 422) {
          throw new Refused("Ce message est trop long : écrivez-le plus court.");
        }
        if (response.status < 500 && response.status !== 409 && response.status !== 429) {
          throw new Refused("Ce message n'a pas pu être envoyé.");
        }
      } catch (error) {
        if (error instanceof Refused) {
          throw error;
        }
      }
      if (wait) {
        await new Promise((done) => setTimeout(done, wait));
      }
    }
    throw new Refused("Le service ne répond pas pour l'instant. Votre message est toujours là : renvoyez-le dans un moment.");
  }

  class Refused extends Error {}

  function bubble(text) {
    const turn = document.createElement("div");
    turn.className = "turn me";
    const who = document.createElement("span");
    who.className = "who";
    who.textContent = "Vous\u00a0:";
    const body = document.createElement("div");
    body.className = "bubble";
    const paragraph = document.createElement("p");
    paragraph.textContent = text;
    body.append(paragraph);
    turn.append(who, body);
    return turn;
  }

  function parse(html) {
    const template = document.createElement("template");
    template.innerHTML = html;
    return template.content.firstElementChild;
  }

  function add(turn) {
    turn.classList.add("new");
    log.hidden = false;
    log.append(turn);
    // The beginning of what is new is what is read first.
    log.scrollTop = turn.offsetTop - log.offsetTop - 8;
    if (log.scrollHeight <= log.clientHeight) {
      turn.scrollIntoView({ block: "nearest" });
    }
    return turn;
  }

  function restore() {
    // Not an announcement: the customer has read this already.
    log.setAttribute("aria-live", "off");
    for (const { shown, html } of turns) {
      add(bubble(shown));
      add(parse(html));
    }
    form.elements.conversation.value = turns[turns.length - 1].conversation;
    form.elements.message_id.value = fresh();
    setTimeout(() => log.removeAttribute("aria-live"), 500);
  }

  function recall() {
    try {
      return JSON.parse(sessionStorage.getItem(memory)) || [];
    } catch {
      return [];
    }
  }

  function remember(said, answer) {
    turns = answer.over ? [] : [...turns, { ...said, html: answer.html, conversation: answer.conversation }].slice(-50);
    try {
      if (answer.over) {
        sessionStorage.removeItem(memory);
      } else {
        sessionStorage.setItem(memory, JSON.stringify(turns));
      }
    } catch {
      // A browser that keeps nothing: the conversation lasts as long as the page.
    }
  }

  function fresh() {
    const bytes = crypto.getRandomValues(new Uint8Array(12));
    return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
  }
})();
