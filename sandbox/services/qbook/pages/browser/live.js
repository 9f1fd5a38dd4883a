// Loads the page again when what it shows has changed. A hidden page does not listen: a browser opens only
// six connections to one server, which hidden pages would use up.
const shown = document.documentElement.dataset.version;
let events;

function listen() {
  events?.close();
  events = undefined;
  if (document.hidden) return;
  events = new EventSource(`/events?of=${encodeURIComponent(location.pathname)}`);
  events.onmessage = ({ data }) => {
    if (data !== shown) location.reload();
  };
}

document.addEventListener("visibilitychange", listen);
listen();
