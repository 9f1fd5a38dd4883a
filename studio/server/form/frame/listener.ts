/**
 * What runs in a frame: it asks the page around it for the list, and shows it once. The bundle of fancy-profiles reads
 * the list from the window; KubeSpawner's template comes rendered, and its script runs after it, as in a hub's page.
 */
export const LISTENER = `(() => {
  "use strict";
  let isShown = false;
  const run = (key) => {
    const script = document.createElement("script");
    script.textContent = document.getElementById("later-" + key).textContent;
    document.body.append(script);
  };
  const show = ({ list, html }) => {
    const place = document.getElementById("template");
    if (place) {
      place.innerHTML = html;
      run("template");
    } else {
      window.profileList = list;
      run("bundle");
    }
  };
  addEventListener("message", ({ source, data }) => {
    if (isShown || source !== parent || !data || !Array.isArray(data.list)) return;
    isShown = true;
    show(data);
    // A frame that nobody sees yet is never asked to draw.
    setTimeout(() => parent.postMessage({ studentsForm: "shown" }, "*"), 50);
  });
  parent.postMessage({ studentsForm: "ready" }, "*");
})();
`;
