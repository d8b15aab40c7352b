// The phone on the page: draws what the panel link sends (docs/panel.md) and sends keys back. What stands
// beside it is in world.js and requests.js. All text from outside goes through textContent.
import { $, element } from "./dom.js";
import { connect, send } from "./link.js";
import { kept, keepalives, managers } from "./managers.js";
import { asked, requests } from "./requests.js";
import { account, forget, names, world } from "./world.js";

const SPEAK_MS = 250;            // a screen is read out once it has stood still this long
const GLASS_CSS_WIDTH = 640;     // as wide as the screen is drawn where there is room
const NARROW_CSS_WIDTH = 640;    // as in style.css: below it the page is scrolled, so height is no limit
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
const canvas = $("screen");
const ink = canvas.getContext("2d", { alpha: false });
const sheet = document.createElement("canvas");    // the picture as it came, a pixel for a pixel
const pencil = sheet.getContext("2d", { alpha: false });
let speaking = 0;
let typing = false;              // a form is on the screen

// --- the screen ---------------------------------------------------------------------------------

function padding(selector, ...sides) {
  const style = getComputedStyle(document.querySelector(selector));
  return sides.reduce((sum, side) => sum + parseFloat(style["padding" + side]), 0);
}

// CSS pixels that a pixel of the screen can have, so that the whole phone is seen at once.
function room() {
  const paddings = ["main", ".body", ".bezel"].reduce((sum, part) => sum + padding(part, "Left", "Right"), 0);
  const row = getComputedStyle(document.querySelector("main"));
  const aside = getComputedStyle(document.querySelector("aside"));
  const inRow = row.flexDirection === "row";
  const beside = paddings + (inRow ? parseFloat(aside.minWidth) + parseFloat(row.columnGap) : 0);
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
  typing = shown.kind === "form";
  const lines = [(shown.mark + " " + shown.label + " " + shown.clock).trim(), shown.title];
  shown.rows.forEach((row, place) => {
    const selected = shown.first + place === shown.selected ? "selected: " : "";
    lines.push(selected + (row.n ? row.n + " " : "") + row.text + (row.aside ? ", " + row.aside : ""));
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
  if (typing && event.key.length === 1) return "";    // who types a name means no other page
  return KEYBOARD[event.key] || KEYBOARD[event.key.toLowerCase()] || "";
}

document.addEventListener("keydown", (event) => {
  const key = keyOf(event);
  const onButton = document.activeElement && document.activeElement.tagName === "BUTTON";
  const scrolls = event.key.startsWith("Arrow") && document.activeElement.closest("[data-arrows]");
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
  names,
  managers,
  keepalives,
  kept,
  requests,
  asked,
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
connect(TAKE, () => {
  notice("");
  release();
  forget();
}, () => {
  notice("The link to the host is lost. Trying again by itself.");
  away("No link to the host.");
});
