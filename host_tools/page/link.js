// The link to the host (host_tools/hub.py): JSON both ways, and back by itself when it was lost.

const RETRY_MS = 700;            // a lost link is tried again this often

let link = null;

export function send(message) {
  if (link && link.readyState === WebSocket.OPEN) link.send(JSON.stringify(message));
}

// take: name of a message -> what to do with (its value, the whole message).
export function connect(take, opened, lost) {
  link = new WebSocket("ws://" + location.host + "/link");
  link.addEventListener("open", opened);
  link.addEventListener("message", (event) => {
    const message = JSON.parse(event.data);
    for (const [name, value] of Object.entries(message)) {
      if (Object.hasOwn(take, name)) take[name](value, message);
    }
  });
  link.addEventListener("close", () => {
    lost();
    setTimeout(() => connect(take, opened, lost), RETRY_MS);
  });
}
