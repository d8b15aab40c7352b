// The phone on the page: draws what the panel link sends (docs/panel.md), sends keys back, and
// shows the servers and the account. All text from outside goes through textContent.
"use strict";

const RETRY_MS = 700;            // a lost link is tried again this often
const ACCOUNT_MAX = 200;
const SPEAK_MS = 250;            // a screen is read out once it has stood still this long
const GLASS_CSS_WIDTH = 640;     // as wide as the screen is drawn where there is room
const NARROW_CSS_WIDTH = 740;    // as in style.css: below it the page is scrolled, so height is no limit
const WHOLE_SHARE = 0.8;         // whole dots are worth up to a fifth of the room, see fit
const TITLE = "Everline";

const PAD = [["1", ""], ["2", "ABC"], ["3", "DEF"], ["4", "GHI"], ["5", "JKL"], ["6", "MNO"],
  ["7", "PQRS"], ["8", "TUV"], ["9", "WXYZ"], ["*", ""], ["0", "+"], ["#", ""]];
const KEYBOARD = {
  ArrowUp: "up", ArrowDown: "down", ArrowLeft: "left", ArrowRight: "right", Enter: "select",
  Escape: "back", Backspace: "back", F1: "soft1", F2: "soft2", F3: "soft3", F4: "soft4",
  z: "soft1", x: "soft2", c: "soft3", v: "soft4",
  s: "services", d: "directory", m: "messages", i: "information", t: "settings",
};
const ACTIONS = [["start", "Start"], ["stop", "Stop"], ["freeze", "Freeze"], ["slow", "Slow"], ["503", "503"],
  ["garbage", "Garbage"]];

const $ = (id) => document.getElementById(id);
const canvas = $("screen");
const ink = canvas.getContext("2d", { alpha: false });
const sheet = document.createElement("canvas");    // the picture as it came, a pixel for a pixel
const pencil = sheet.getContext("2d", { alpha: false });
let link = null;
let speaking = 0;

function element(kind, text, className) {
  const made = document.createElement(kind);
  if (text) made.textContent = text;
  if (className) made.className = className;
  return made;
}

// --- the screen ---------------------------------------------------------------------------------

function padding(selector, ...sides) {
  const style = getComputedStyle(document.querySelector(selector));
  return sides.reduce((sum, side) => sum + parseFloat(style["padding" + side]), 0);
}

// CSS pixels that a pixel of the screen can have, so that the whole phone is seen at once.
function room() {
  const beside = ["main", ".body", ".bezel"].reduce((sum, part) => sum + padding(part, "Left", "Right"), 0);
  const wide = document.documentElement.clientWidth;
  const most = Math.min(GLASS_CSS_WIDTH, wide - beside) / sheet.width;
  if (wide <= NARROW_CSS_WIDTH) return most;
  const glass = document.querySelector(".glass").offsetHeight;
  const above = document.querySelector(".body").offsetHeight - glass + padding("main", "Top", "Bottom");
  return Math.min(most, (window.innerHeight - above) / sheet.height);
}

// A whole number of the display's own dots for each pixel keeps the picture crisp. Where that would
// waste too much room, the picture is drawn larger than it is shown and the browser shrinks it:
// strokes then keep one thickness.
function fit() {
  const dots = window.devicePixelRatio || 1;
  const most = Math.max(0.25, room());
  const whole = Math.floor(most * dots + 0.01) / dots;
  const scale = whole >= most * WHOLE_SHARE ? whole : most;
  document.documentElement.style.setProperty("--wide", sheet.width);
  document.documentElement.style.setProperty("--high", sheet.height);
  document.documentElement.style.setProperty("--scale", scale);
  canvas.classList.toggle("whole", scale === whole);
  const times = Math.ceil(scale * dots - 0.01);
  if (canvas.width !== sheet.width * times || canvas.height !== sheet.height * times) {
    canvas.width = sheet.width * times;
    canvas.height = sheet.height * times;
    ink.imageSmoothingEnabled = false;
  }
  copy(0, sheet.height);
}

function copy(y, h) {
  const times = canvas.width / sheet.width;
  ink.drawImage(sheet, 0, y, sheet.width, h, 0, y * times, canvas.width, h * times);
}

function size(width, height) {
  if (sheet.width !== width || sheet.height !== height) {
    sheet.width = width;
    sheet.height = height;
  }
  fit();
}

function band({ y, h, palette, data }) {
  const packed = atob(data);
  const width = sheet.width;
  const stride = Math.ceil(width / 4);
  const picture = pencil.createImageData(width, h);
  const colours = palette.map((colour) => parseInt(colour.slice(1), 16));
  for (let row = 0; row < h; row++) {
    for (let x = 0; x < width; x++) {
      const colour = colours[(packed.charCodeAt(row * stride + (x >> 2)) >> (2 * (x & 3))) & 3];
      const at = 4 * (row * width + x);
      picture.data[at] = colour >> 16;
      picture.data[at + 1] = (colour >> 8) & 255;
      picture.data[at + 2] = colour & 255;
      picture.data[at + 3] = 255;
    }
  }
  pencil.putImageData(picture, 0, y);
  copy(y, h);
}

function screen(shown) {
  const lines = [(shown.mark + " " + shown.label + " " + shown.clock).trim(), shown.title];
  shown.rows.forEach((row, place) => {
    const selected = shown.first + place === shown.selected ? "selected: " : "";
    lines.push(selected + (row.n ? row.n + " " : "") + row.text);
  });
  if (shown.prompt) lines.push(shown.prompt);
  clearTimeout(speaking);
  speaking = setTimeout(() => { $("screen-text").textContent = lines.join("\n"); }, SPEAK_MS);
  document.querySelectorAll(".softkeys button").forEach((button, place) => {
    button.setAttribute("aria-label", shown.softkeys[place] || "Softkey " + (place + 1) + ", no use now");
    button.title = shown.softkeys[place] || "";
  });
  document.title = shown.title ? shown.title + " - " + TITLE : TITLE;
}

// --- keys ---------------------------------------------------------------------------------------

const held = new Set();          // keys of the phone
const typed = new Map();         // key of the keyboard, by place -> key of the phone: "#" may be let go as "3"

function button(key) {
  return document.querySelector('[data-key="' + CSS.escape(key) + '"]');
}

function down(key) {
  if (held.has(key)) return;
  held.add(key);
  button(key).classList.add("down");
  send({ key, down: true });
}

function up(key) {
  if (!held.delete(key)) return;
  button(key).classList.remove("down");
  send({ key, down: false });
}

function wire(control) {
  const key = control.dataset.key;
  control.addEventListener("pointerdown", (event) => {
    if (event.button) return;
    event.preventDefault();    // the focus stays where it was, so that Enter goes on meaning "select"
    control.setPointerCapture(event.pointerId);
    down(key);
  });
  ["pointerup", "pointercancel", "lostpointercapture"].forEach((end) => control.addEventListener(end, () => up(key)));
  control.addEventListener("contextmenu", (event) => event.preventDefault());
  // A click without a pointer comes from Enter or the space bar on the focused key, or from a screen reader.
  control.addEventListener("click", (event) => {
    if (event.detail !== 0) return;
    down(key);
    setTimeout(() => up(key), 80);
  });
}

function keyOf(event) {
  if (event.ctrlKey || event.metaKey || event.altKey) return "";
  if (/^[0-9*#]$/.test(event.key)) return event.key;
  return KEYBOARD[event.key] || KEYBOARD[event.key.toLowerCase()] || "";
}

document.addEventListener("keydown", (event) => {
  const key = keyOf(event);
  const onButton = document.activeElement && document.activeElement.tagName === "BUTTON";
  const scrolls = document.activeElement === $("account") && event.key.startsWith("Arrow");
  if (!key || scrolls || (onButton && event.key === "Enter")) return;
  event.preventDefault();
  if (event.repeat) return;
  typed.set(event.code, key);
  down(key);
});
document.addEventListener("keyup", (event) => {
  up(typed.get(event.code));
  typed.delete(event.code);
});
window.addEventListener("blur", release);

function release() {
  [...held].forEach(up);
  typed.clear();
}

// --- the world and the account --------------------------------------------------------------------

function card(server) {
  const made = element("article", "", "server");
  made.dataset.server = server.name;
  const title = element("div", "", "title");
  const words = element("div");
  words.append(element("h3"), element("div", "", "url"));
  title.append(element("span", server.name, "letter"), words);
  const actions = element("div", "", "actions");
  for (const [action, label] of ACTIONS) {
    const press = element("button", label);
    press.type = "button";
    press.dataset.action = action;
    press.setAttribute("aria-label", label + " server " + server.name);
    // By mouse the focus stays where it was, so that Enter goes on meaning "select".
    press.addEventListener("mousedown", (event) => event.preventDefault());
    press.addEventListener("click", () => send({ do: { server: server.name, action } }));
    actions.append(press);
  }
  made.append(title, actions);
  $("servers").append(made);
  return made;
}

function world(servers) {
  for (const server of servers) {
    const shown = document.querySelector('[data-server="' + CSS.escape(server.name) + '"]') || card(server);
    shown.dataset.state = server.state;
    shown.querySelector("h3").textContent = "Server " + server.name + " " + server.words;
    shown.querySelector(".url").textContent = server.url;
    for (const press of shown.querySelectorAll(".actions button")) {
      const action = press.dataset.action;
      press.setAttribute("aria-pressed", { answering: "start", stopped: "stop", frozen: "freeze" }[server.state]
        ? String(action === { answering: "start", stopped: "stop", frozen: "freeze" }[server.state])
        : String(action === server.state));
    }
  }
}

function ago(at) {
  const seconds = Math.max(0, Math.round((Date.now() - at) / 1000));
  if (seconds < 2) return "just now";
  if (seconds < 60) return seconds + " s ago";
  if (seconds < 3600) return Math.floor(seconds / 60) + " min ago";
  return Math.floor(seconds / 3600) + " h ago";
}

function account({ at, who, text }) {
  const line = element("li");
  const when = element("time", ago(at));
  when.dateTime = new Date(at).toISOString();
  when.title = new Date(at).toLocaleTimeString();
  line.append(when, element("span", text, who));
  const list = $("account");
  list.prepend(line);
  while (list.childElementCount > ACCOUNT_MAX) list.lastElementChild.remove();
}

setInterval(() => {
  for (const when of document.querySelectorAll("#account time")) when.textContent = ago(Date.parse(when.dateTime));
}, 1000);

// --- the link ---------------------------------------------------------------------------------------

function notice(text) {
  $("notice").textContent = text;
  $("notice").hidden = !text;
}

function away(words) {
  $("away").textContent = words;
  document.body.classList.toggle("gone", Boolean(words));
}

const TAKE = {
  hello: (_, message) => {
    $("who").textContent = [message.label, message.name].filter(Boolean).join(" \u00b7 ");
    size(message.width, message.height);
    TAKE.lamp(false);    // a phone that starts tells what is lit
    TAKE.light(100);
  },
  screen,
  pixels: band,
  phone: ({ up: there, words }) => away(there ? "" : words),
  world,
  account,
  lamp: (lit) => {
    $("lamp").classList.toggle("lit", lit);
    $("lamp").setAttribute("aria-label", "Message lamp, " + (lit ? "on" : "off"));
  },
  light: (level) => { canvas.style.filter = level >= 100 ? "" : "brightness(" + (0.3 + 0.007 * level) + ")"; },
  tone: () => {
    $("tone").classList.remove("rings");
    void $("tone").offsetWidth;    // lets the animation start again
    $("tone").classList.add("rings");
  },
  trouble: (text) => {
    notice(text);
    setTimeout(() => notice(""), 5000);
  },
};

function send(message) {
  if (link && link.readyState === WebSocket.OPEN) link.send(JSON.stringify(message));
}

function connect() {
  link = new WebSocket("ws://" + location.host + "/link");
  link.addEventListener("open", () => {
    notice("");
    release();
    $("account").replaceChildren();
    $("servers").replaceChildren();
  });
  link.addEventListener("message", (event) => {
    const message = JSON.parse(event.data);
    for (const [name, value] of Object.entries(message)) {
      if (Object.hasOwn(TAKE, name)) TAKE[name](value, message);
    }
  });
  link.addEventListener("close", () => {
    notice("The link to the host is lost. Trying again by itself.");
    away("No link to the host.");
    setTimeout(connect, RETRY_MS);
  });
}

for (const [key, letters] of PAD) {
  const made = element("button", key);
  made.type = "button";
  made.dataset.key = key;
  made.setAttribute("aria-label", { "*": "Star", "#": "Hash" }[key] || key);
  made.append(element("small", letters));
  document.querySelector(".pad").append(made);
}
document.querySelectorAll("[data-key]").forEach(wire);
window.addEventListener("resize", fit);
size(canvas.width, canvas.height);
connect();
