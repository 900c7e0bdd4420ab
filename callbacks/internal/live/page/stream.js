// The stream of messages. It is closed while the page is hidden: a browser opens only six connections to a server.

let source = null, timer = 0;

export function connect(onMessages, onState) {
  let waiting = [], frame = 0;
  const flush = () => {
    frame = 0;
    const list = waiting;
    waiting = [];
    onMessages(list);
  };
  const open = () => {
    clearTimeout(timer);
    close();
    source = new EventSource("events");
    source.onopen = () => onState("connected", true);
    source.onmessage = event => {
      waiting.push(JSON.parse(event.data));
      if (!frame) frame = requestAnimationFrame(flush);
    };
    source.onerror = () => {
      close();
      onState("The program has ended, or the page cannot reach it. What it sent stays here; the page tries again.", false);
      if (!document.hidden) timer = setTimeout(open, 3000);
    };
  };
  document.addEventListener("visibilitychange", () => document.hidden ? (clearTimeout(timer), close()) : open());
  if (!document.hidden) open();
}

function close() {
  if (source) source.close();
  source = null;
}

// order sends an order to the server, and returns "" or what is wrong.
export async function order(path, body) {
  try {
    const answer = await fetch(path, {method: "POST", headers: {"Content-Type": "application/json"}, body: JSON.stringify(body)});
    return answer.ok ? "" : (await answer.text()).trim();
  } catch (err) {
    return "the program does not answer";
  }
}
