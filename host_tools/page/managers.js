// The call managers: who is registered where and until when, how they can be made to fail, and what the phone
// asks them. Each question is a tick on the lane of its manager; the bar below the ticks is where the phone is
// registered, so that a move is seen as a step from lane to lane.
import { $, clock, duration, element, press } from "./dom.js";
import { send } from "./link.js";

const LANE_MS = 120000;          // what a lane shows
const KEPT_MAX = 100;
const ACTIONS = [["start", "Start"], ["stop", "Stop"], ["freeze", "Freeze"], ["503", "503"], ["drain", "Drain"]];
const PRESSED = { answering: "start", stopped: "stop", frozen: "freeze" };    // others are named as the action is
const PUSHES = [
  ["pages", "Push", "pushes the pages of the next one (NOTIFY with a body; the phone asks for a password)"],
  ["check-sync", "Ask now", "wishes that the phone asks now (NOTIFY check-sync)"],
  ["messages", "Message", "says that a message waits, or that none does (NOTIFY message-summary)"],
];
const GIVES = "tells of the next one and its pages in its answers (Call-Info)";
const WHY = { register: "to register", "keep-alive": "to keep alive", poll: "to see whether it is well", release: "to release" };

let asked = new Map();           // key -> one question
let latest = [];

const key = (it) => it.life + "/" + it.n;
// A manager that the phone has learned is called by its host.
const owner = (it) => latest.find(({ name, uri }) => it.server === name || uri.split(":")[1] === it.server)?.name ?? it.server;
const outcome = (word) => !word ? "asking" : /^2|^401$|^407$/.test(word) ? "good" : word === "silent" ? "bad" : "odd";

function sentence(it) {
  const end = it.word ? (it.word === "silent" ? "no answer within " : it.word + " after ") + duration(it.ms) : "no answer yet";
  return clock(it.at) + "  " + it.path + " to " + it.server + " " + (WHY[it.why] ?? it.why) + ": " + end + ".";
}

// --- cards ----------------------------------------------------------------------------------------

function card(manager) {
  const made = element("article", "", "manager");
  made.dataset.manager = manager.name;
  const title = element("div", "", "title");
  const words = element("div");
  words.append(element("h3"), element("div", "", "where"));
  title.append(element("span", manager.name, "letter"), words);
  const name = " call manager " + manager.name;
  const actions = element("div", "", "actions");
  for (const [action, label] of ACTIONS) {
    const button = press(label, label + name, () => send({ manager: manager.name, action }));
    button.dataset.do = action;
    actions.append(button);
  }
  const gives = press("Pointers", "Pointers of" + name, () => {
    const now = latest.find((it) => it.name === manager.name);
    send({ manager: manager.name, gives: !(now && now.gives) });
  });
  gives.dataset.gives = "";
  gives.title = "It " + GIVES;
  const tells = element("div", "", "actions tells");
  tells.append(gives);
  for (const [push, label, hint] of PUSHES) {
    const button = press(label, label + ":" + name + " " + hint, () => send({ manager: manager.name, push }));
    button.dataset.push = push;
    button.title = "It " + hint;
    tells.append(button);
  }
  made.append(title, actions, tells);
  $("registrars").append(made);
  const lane = element("div", "", "lane");
  lane.dataset.lane = manager.name;
  const track = element("div", "", "ticks");
  track.setAttribute("role", "img");
  lane.append(element("b", manager.name), track);
  $("lanes").append(lane);
  return made;
}

export function managers(all) {
  const shown = Boolean(all && all.length);
  $("managers").hidden = !shown;
  $("turn").hidden = !shown;
  latest = all ?? [];
  if (!shown) return;
  $("hurry").textContent = "short timers: a death is seen within 11 s";
  for (const manager of latest) {
    const made = document.querySelector('[data-manager="' + CSS.escape(manager.name) + '"]') || card(manager);
    made.dataset.state = manager.state;
    made.querySelector("h3").textContent = made.querySelector("h3").title = "Manager " + manager.name + " " + manager.words;
    made.title = manager.kind + ", " + manager.uri + " (UDP)";
    for (const button of made.querySelectorAll("[data-do]")) {
      button.setAttribute("aria-pressed", String(button.dataset.do === (PRESSED[manager.state] || manager.state)));
    }
    made.querySelector("[data-gives]").setAttribute("aria-pressed", String(manager.gives));
  }
  count();
}

// Who is registered, and for how long still.
function count() {
  for (const manager of latest) {
    const where = document.querySelector('[data-manager="' + CSS.escape(manager.name) + '"] .where');
    if (!where) continue;    // the link is new, and the cards are not there yet
    const left = manager.registered.map(({ user, until }) => [user, Math.round((until - Date.now()) / 1000), until])
      .filter(([, seconds]) => seconds > 0);
    where.textContent = left.map(([user, seconds, until]) => user + " until " + clock(until) + " (" + seconds + " s)").join(", ")
      || "nobody is registered";
    where.classList.toggle("somebody", left.length > 0);
  }
}

// --- lanes ----------------------------------------------------------------------------------------

export function keepalives(all) {
  asked = new Map(all.map((it) => [key(it), it]));
  draw();
}

export function kept(it) {
  asked.set(key(it), it);
  while (asked.size > KEPT_MAX) asked.delete(asked.keys().next().value);
  draw();
}

// Whether this answer, or none, tells the phone that it is not registered there any more.
const ends = (it) => it.word === "503" ? it.why !== "poll"
  : it.why === "register" && it.word !== "" && !/^2|^401$|^407$|^423$/.test(it.word);

// Where the phone was registered, from when on and until when (0: it is): [{ server, life, from, to }, ...]
function homes() {
  const found = [];
  for (const it of asked.values()) {
    const server = owner(it);
    const last = found.at(-1);
    if (last && !last.to && (last.life !== it.life || last.server === server && ends(it))) last.to = it.at + it.ms;
    if (it.why !== "register" || !it.word.startsWith("2")) continue;
    if (last && !last.to && last.server === server) continue;
    if (last && !last.to) last.to = it.at;
    found.push({ server, life: it.life, from: it.at, to: 0 });
  }
  return found;
}

function draw() {
  const now = Date.now();
  const place = (at) => Math.max(0, 100 * (1 - (now - at) / LANE_MS));
  const spans = homes();
  for (const track of document.querySelectorAll("#lanes .ticks")) {
    const name = track.parentElement.dataset.lane;
    const mine = [...asked.values()].filter((it) => owner(it) === name && now - it.at < LANE_MS);
    const bars = spans.filter(({ server, to }) => server === name && !(to && now - to >= LANE_MS)).map(({ from, to }) => {
      const bar = element("i", "", "home");
      bar.style.left = place(from) + "%";
      bar.style.right = 100 - place(to || now) + "%";
      return bar;
    });
    const ticks = mine.map((it) => {
      const tick = element("i", "", "tick");
      tick.dataset.why = it.why;
      tick.dataset.outcome = outcome(it.word);
      tick.style.left = place(it.at) + "%";
      tick.title = sentence(it);
      return tick;
    });
    track.replaceChildren(...bars, ...ticks);
    const last = mine.at(-1);
    track.setAttribute("aria-label", "Manager " + name + ": " + mine.length + " questions"
      + (last ? ", the last " + sentence(last) : ""));
    track.parentElement.classList.toggle("at", spans.at(-1)?.server === name && !spans.at(-1).to);
  }
  const last = [...asked.values()].at(-1);
  if (last) $("kept").textContent = sentence(last);
}

setInterval(() => {
  count();
  if (asked.size) draw();
}, 1000);

$("turn").addEventListener("mousedown", (event) => event.preventDefault());    // as press() in dom.js
$("turn").addEventListener("click", () => {
  const turned = document.querySelector("aside").classList.toggle("turned");
  $("turn").textContent = turned ? "Servers" : "Call managers";
});
