// The world beside the phone: servers with their lines, the name server, and the account.
import { $, clock, duration, element, press } from "./dom.js";
import { send } from "./link.js";

const ACCOUNT_MAX = 200;
const SETTLE_MS = 600;           // so long after a move a slider stays where it was put: echoes of earlier moves pass
const ACTIONS = [["start", "Start"], ["stop", "Stop"], ["freeze", "Freeze"], ["hole", "Black hole"],
  ["slow", "Slow"], ["503", "503"], ["garbage", "Garbage"], ["half", "Half a page"]];
const PRESSED = { answering: "start", stopped: "stop", frozen: "freeze" };    // others are named as the action is
const NAMES = [["well", "On"], ["silent", "Silent"], ["lies", "Lies"]];
// A slider goes from step to step: small ones where a step is felt, large ones where it is not.
const DIALS = {
  delay_ms: {
    label: "Latency, one way", of: "Latency of server ",
    // Above 600 ms the first byte of a new connection could not come before the phone's deadline of 2.5 s.
    steps: [0, 5, 10, 20, 30, 50, 75, 100, 150, 200, 300, 400, 500],
    shown: duration, spoken: (ms) => ms ? duration(ms) + " each way" : "none",
    hint: (ms) => "How long each piece takes in one direction. A page on a new connection takes four ways (two of them "
      + "the handshake), on one that was kept open two"
      + (ms ? ": here " + duration(4 * ms) + " and " + duration(2 * ms) : "") + ".",
  },
  loss: {
    label: "Loss", of: "Loss on the way to server ",
    steps: [0, 1, 2, 3, 5, 7, 10, 15, 20, 30, 40, 50],
    shown: (loss) => loss + " %", spoken: (loss) => loss ? loss + " per cent of the pieces" : "none",
    hint: () => "How many of a hundred pieces are lost on the way. A lost one is sent again 0.2 s later, or a second "
      + "later if it was the first of a connection.",
  },
};

let latest = [];                 // the servers as they were told last

export function forget() {
  $("account").replaceChildren();
  $("servers").replaceChildren();
  $("names").replaceChildren();
  $("registrars").replaceChildren();
  $("lanes").replaceChildren();
}

// --- servers ------------------------------------------------------------------------------------

function dial(server, kind) {
  const { label, of, steps } = DIALS[kind];
  const made = element("label", "", "dial");
  const input = element("input");
  input.type = "range";
  input.max = steps.length - 1;
  input.dataset.dial = kind;
  input.dataset.arrows = "";
  input.setAttribute("aria-label", of + server);
  let settling = 0;
  const moved = () => {
    input.dataset.moved = "";
    clearTimeout(settling);
    settling = setTimeout(() => {
      delete input.dataset.moved;
      world(latest);
    }, SETTLE_MS);
  };
  input.addEventListener("pointerdown", () => { input.dataset.dragged = ""; });
  ["pointerup", "pointercancel"].forEach((end) => input.addEventListener(end, () => {
    delete input.dataset.dragged;
    moved();
    setTimeout(() => input.blur());    // by mouse, the arrows go on moving in the phone
  }));
  input.addEventListener("input", () => {
    moved();
    dialShows(input, steps[input.value]);
  });
  input.addEventListener("change", () => send({ do: { server, line: { [kind]: steps[input.value] } } }));
  made.append(element("span", label), input, element("output"));
  return made;
}

function dialShows(input, value) {
  const { steps, shown, spoken, hint } = DIALS[input.dataset.dial];
  const share = (place) => place / (steps.length - 1) * 100 + "%";
  const above = steps.findIndex((step) => step >= value);
  input.value = above < 0 ? steps.length - 1 : above;
  input.style.setProperty("--share", share(input.value));
  input.setAttribute("aria-valuetext", spoken(value));
  input.setAttribute("aria-description", hint(value));
  input.parentElement.title = hint(value);
  input.classList.toggle("set", value > 0);
  input.nextElementSibling.textContent = shown(value);
}

function card(server) {
  const made = element("article", "", "server");
  made.dataset.server = server.name;
  const title = element("div", "", "title");
  const words = element("div");
  const where = element("div", "", "where");
  where.append(element("span", "", "url"), element("span", "", "host"));
  words.append(element("h3"), where);
  title.append(element("span", server.name, "letter"), words);
  const actions = element("div", "", "actions");
  for (const [action, label] of ACTIONS) {
    const made = press(label, label + " server " + server.name, () => send({ do: { server: server.name, action } }));
    made.dataset.action = action;
    actions.append(made);
  }
  const dials = element("div", "", "dials");
  dials.append(...Object.keys(DIALS).map((kind) => dial(server.name, kind)));
  made.append(title, actions, dials);
  $("servers").append(made);
  return made;
}

export function world(servers) {
  latest = servers;
  for (const server of servers) {
    const shown = document.querySelector('[data-server="' + CSS.escape(server.name) + '"]') || card(server);
    shown.dataset.state = server.state;
    shown.querySelector("h3").textContent = "Server " + server.name + " " + server.words;
    shown.querySelector(".url").textContent = server.url;
    shown.querySelector(".host").textContent = server.host;
    for (const made of shown.querySelectorAll("[data-action]")) {
      made.setAttribute("aria-pressed", String(made.dataset.action === (PRESSED[server.state] || server.state)));
    }
    for (const input of shown.querySelectorAll("[data-dial]")) {
      if (!("dragged" in input.dataset || "moved" in input.dataset)) dialShows(input, server[input.dataset.dial]);
    }
  }
}

for (const [id, wish] of [["restart", { phone: "restart" }], ["drill", { open: "drill" }]]) {
  $(id).addEventListener("mousedown", (event) => event.preventDefault());    // as press() in dom.js
  $(id).addEventListener("click", () => send(wish));
}

// --- the name server ------------------------------------------------------------------------------

export function names(state) {
  const shown = $("names");
  shown.hidden = !state;
  if (!state) return;
  if (!shown.childElementCount) {
    const modes = element("div", "", "modes");
    for (const [mode, label] of NAMES) {
      const made = press(label, "Name server: " + label.toLowerCase(), () => send({ names: mode }));
      made.dataset.mode = mode;
      modes.append(made);
    }
    shown.append(element("h3", "DNS", "letter"), element("p"), modes);
  }
  shown.dataset.state = state.state;
  shown.title = "UDP " + state.address;
  shown.querySelector("p").textContent = state.words;
  for (const made of shown.querySelectorAll("[data-mode]")) {
    made.setAttribute("aria-pressed", String(made.dataset.mode === state.state));
  }
}

// --- the account ----------------------------------------------------------------------------------

function ago(at) {
  const seconds = Math.max(0, Math.round((Date.now() - at) / 1000));
  if (seconds < 2) return "just now";
  if (seconds < 60) return seconds + " s ago";
  if (seconds < 3600) return Math.floor(seconds / 60) + " min ago";
  return Math.floor(seconds / 3600) + " h ago";
}

export function account({ at, who, text }) {
  const line = element("li");
  const when = element("time", ago(at));
  when.dateTime = new Date(at).toISOString();
  when.title = clock(at);
  line.append(when, element("span", text, who));
  const list = $("account");
  list.prepend(line);
  while (list.childElementCount > ACCOUNT_MAX) list.lastElementChild.remove();
}

setInterval(() => {
  for (const when of document.querySelectorAll("#account time")) when.textContent = ago(Date.parse(when.dateTime));
}, 1000);
