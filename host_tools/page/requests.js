// The time line: each request of the phone as a bar, and those of one key press on one axis, so that one
// sees why a page came when it did. The newest key press stands on top, in it the first request.
import { $, clock, duration, element } from "./dom.js";

const REQUESTS_MAX = 100;
const JOINS = ["walk", "hedge", "again"];    // these belong to the key press before them
// An axis ends at one of these times a power of ten: little of it stays empty, and it is a number to read.
const AXIS_ENDS = [1, 1.2, 1.5, 2, 2.5, 3, 4, 5, 6, 7, 8, 9, 10];
const AXIS_LEAST = 50;           // ms; a bar on a shorter one would make noise look like news
// word -> mark (outcome is never told by colour alone), what stands in the row, and the end of the sentence:
// what comes before the time, and what after it
const OUTCOMES = {
  "": ["\u2026", "asking", "still running after", ""],
  page: ["\u2713", "page", "page after", ""],
  answer: ["!", "answer", "an answer that is no page after", ""],
  well: ["\u2713", "well", "well after", ""],
  failed: ["\u2715", "failed", "failed after", ""],
  cut: ["\u2715", "cut", "broke off after", ""],
  lost: ["\u2212", "lost", "lost after", ", since another server was quicker; it was closed"],
  "given up": ["\u2212", "given up", "given up after", ", since it was not wanted any more; it was closed"],
};

const rows = new Map();          // key -> { it, press, row }
let presses = [];                // in the order of time: { list, rows }
let turning = 0;
let shownRow = null;            // the row whose sentence is shown

const key = (it) => it.life + "/" + it.n;
const before = (a, b) => a.life - b.life || a.n - b.n;
const taken = (it) => it.word ? it.ms : Math.max(it.ms, Date.now() - it.at);

export function requests(all) {
  rows.clear();
  presses = [];
  $("requests").replaceChildren();
  if (!all.length) $("requests").append(element("li", "Press a key: each request of the phone is drawn here.", "none"));
  all.forEach(add);
  turn();
}

export function asked(it) {
  const known = rows.get(key(it));
  const last = presses.length ? presses.at(-1).rows.at(-1).it : null;
  if (known) {
    known.it = it;
    draw(known.press);
  } else if (last && before(it, last) < 0) {    // told late: after a link to the phone that is new
    requests([...rows.values()].map((row) => row.it).concat(it).sort(before));
  } else {
    add(it);
  }
  turn();
}

function add(it) {
  const list = $("requests");
  const now = presses.findLast((press) => press.rows[0].it.why !== "probe" && press.rows[0].it.life === it.life);
  let press = JOINS.includes(it.why) ? now : null;
  if (!press) {
    press = { list: element("li", "", "press"), axis: element("div", "", "axis"), rows: [] };
    press.axis.append(element("time"), element("i"), element("span"));
    press.list.append(element("ol"), press.axis);
    press.list.classList.toggle("probing", it.why === "probe");
    if (!presses.length) list.replaceChildren();
    presses.push(press);
    list.prepend(press.list);
  }
  const row = { it, press, row: newRow(it) };
  rows.set(key(it), row);
  press.rows.push(row);
  press.list.firstElementChild.append(row.row);
  if (rows.size > REQUESTS_MAX) drop();
  draw(press);
}

function drop() {
  const press = presses[0];
  const gone = press.rows.shift();
  rows.delete(key(gone.it));
  gone.row.remove();
  if (!press.rows.length) presses.shift().list.remove();
}

function newRow(it) {
  const row = element("li", "", "request");
  row.dataset.n = it.n;
  row.tabIndex = -1;
  const bar = element("div", "", "track");
  bar.append(element("i"));
  const words = element("div", "", "words");
  words.append(element("span", "", "path"), element("span", "", "why"), element("span", "", "reused"),
    element("span", "", "outcome"));
  row.append(element("b"), words, bar);
  return row;
}

// --- words --------------------------------------------------------------------------------------

// Which request of its key press this one was made beside, or after.
function partner({ it, press }) {
  return press.rows.filter((row) => before(row.it, it) < 0).at(-1)?.it;
}

function why(row) {
  const { it, press } = row;
  const late = duration(it.t - press.rows[0].it.t);
  const other = partner(row);
  return {
    hedge: "beside " + (other?.server ?? "another") + " after " + late,
    walk: "next, after " + late,
    again: "once more, after " + late,
    link: "link",
    probe: "probe",
    push: "pushed",
    picture: "picture",
  }[it.why] ?? "";
}

function sentence(row) {
  const { it, press } = row;
  const late = duration(it.t - press.rows[0].it.t);
  const other = partner(row);
  const reason = {
    hedge: ", asked beside " + (other?.server ?? "another") + " after " + late,
    walk: ", asked next, " + late + " after the key" + (other ? ", since " + other.server + " did not serve" : ""),
    again: ", asked once more, " + late + " after the key",
    link: ", a link of a page",
    probe: ", a look whether it is well",
    push: ", a page that somebody pushed",
    picture: ", a picture of the page on screen",
  }[it.why] ?? "";
  const [, , end, cause] = OUTCOMES[it.word] ?? ["", "", it.word + " after", ""];
  return "GET " + it.path + " from " + it.server + reason + ": " + end + " " + duration(taken(it)) + cause
    + (it.reused ? ", on a connection kept open" : "") + ".";
}

// --- drawing --------------------------------------------------------------------------------------

function axisEnd(end) {
  const power = 10 ** Math.floor(Math.log10(Math.max(end, AXIS_LEAST)));
  return Math.max(AXIS_LEAST, AXIS_ENDS.find((most) => end <= most * power) * power);
}

function draw(press) {
  const first = press.rows[0].it;
  const end = Math.max(...press.rows.map(({ it }) => it.t - first.t + taken(it)));
  const axis = axisEnd(end);
  for (const row of press.rows) {
    const { it } = row;
    const [mark, word] = OUTCOMES[it.word] ?? ["", it.word];
    const again = row !== press.rows[0] && it.path === first.path;    // the same address at another server
    const texts = { b: it.server, ".path": again ? "" : it.path, ".why": why(row), ".reused": it.reused ? "reused" : "",
      ".outcome": mark + " " + word + " " + duration(taken(it)) };
    for (const [part, text] of Object.entries(texts)) {
      const shown = row.row.querySelector(part);
      if (shown.textContent !== text) shown.textContent = text;
    }
    row.row.dataset.word = it.word || "asking";
    row.row.dataset.why = it.why;
    const bar = row.row.querySelector(".track i");
    bar.style.left = (it.t - first.t) / axis * 100 + "%";
    bar.style.width = taken(it) / axis * 100 + "%";
  }
  const when = press.axis.querySelector("time");
  when.textContent = clock(first.at);
  when.dateTime = new Date(first.at).toISOString();
  press.axis.lastElementChild.textContent = duration(axis);
}

// While a request runs, its bar grows.
function turn() {
  cancelAnimationFrame(turning);
  tabStop();
  const running = new Set([...rows.values()].filter((row) => !row.it.word).map((row) => row.press));
  running.forEach(draw);
  if (shownRow && shownRow.row.isConnected) $("asked-words").textContent = sentence(shownRow);
  else hide();
  if (running.size) turning = requestAnimationFrame(turn);
}

// --- a closer look --------------------------------------------------------------------------------

function show(target) {
  const found = [...rows.values()].find((row) => row.row === target);
  if (!found) return;
  hide();
  shownRow = found;
  const words = $("asked-words");
  words.textContent = sentence(found);
  words.hidden = false;
  target.setAttribute("aria-describedby", words.id);
  target.classList.add("meant");
}

function hide() {
  if (shownRow) {
    shownRow.row.removeAttribute("aria-describedby");
    shownRow.row.classList.remove("meant");
  }
  shownRow = null;
  $("asked-words").hidden = true;
}

const seen = () => [...document.querySelectorAll("#requests .request")].filter((row) => row.offsetParent);

// The list has one stop for the tab key: the newest row, or the one that has the focus.
function tabStop(row = $("requests").contains(document.activeElement) ? document.activeElement : seen()[0]) {
  for (const old of document.querySelectorAll('#requests [tabindex="0"]')) old.tabIndex = -1;
  if (row) row.tabIndex = 0;
}

function step(event) {
  const all = seen();
  const at = all.indexOf(document.activeElement);
  const to = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: all.length - 1 }[event.key];
  if (to === undefined || at < 0) return;
  event.preventDefault();
  if (all[to]) all[to].focus();
}

$("requests").addEventListener("keydown", step);
$("requests").addEventListener("mousedown", (event) => event.preventDefault());    // the focus stays where it was
$("requests").addEventListener("focusin", (event) => {
  tabStop(event.target);
  show(event.target);
});
$("requests").addEventListener("focusout", hide);
$("requests").addEventListener("mouseover", (event) => show(event.target.closest(".request")));
$("requests").addEventListener("mouseleave", hide);
$("requests").addEventListener("scroll", hide);
$("probes").addEventListener("change", () => {
  $("requests").classList.toggle("no-probes", !$("probes").checked);
  tabStop();
});
