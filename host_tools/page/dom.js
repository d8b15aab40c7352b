// What every part of the page needs to make and find elements.

export const $ = (id) => document.getElementById(id);

export function element(kind, text, className) {
  const made = document.createElement(kind);
  if (text) made.textContent = text;
  if (className) made.className = className;
  return made;
}

// A button that leaves the focus where it was when it is clicked by mouse, so that Enter goes on meaning "select".
export function press(label, name, act) {
  const made = element("button", label);
  made.type = "button";
  made.setAttribute("aria-label", name);
  made.addEventListener("mousedown", (event) => event.preventDefault());
  made.addEventListener("click", act);
  return made;
}

// 14:05:09, as the phone shows the time, whatever the browser's language
export function clock(at) {
  const time = new Date(at);
  return [time.getHours(), time.getMinutes(), time.getSeconds()].map((part) => String(part).padStart(2, "0")).join(":");
}

// 250 ms, 2.5 s
export function duration(ms) {
  return ms < 1000 ? Math.round(ms) + " ms" : Number((ms / 1000).toFixed(ms < 10000 ? 1 : 0)) + " s";
}
