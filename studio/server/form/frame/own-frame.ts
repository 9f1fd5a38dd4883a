import { type FrameDocument, frameDocument } from "./frame-document.ts";

/** A simple rendering of the studio's own, for where the hub's form can't be shown: the same choices, not the same look. */
export const ownFrame = (): FrameDocument =>
  frameDocument({
    title: "Server options, simplified",
    style: STYLE,
    scripts: [SCRIPT],
    later: {},
    body: '<main id="own"></main>',
  });

const STYLE = `
:root { color-scheme: light dark; font: 16px/1.5 system-ui, sans-serif; }
body { margin: 1rem; }
fieldset { border: 0; border-bottom: 1px solid GrayText; margin: 0; padding: 0.75rem 0; }
legend { float: left; width: 100%; padding: 0; font-weight: 600; }
legend + * { clear: both; }
p { margin: 0.25rem 0 0.5rem 1.5rem; }
.option { display: grid; grid-template-columns: 8rem 1fr; gap: 0.5rem; margin: 0.25rem 0 0 1.5rem; }
select { min-width: 0; }
`;

const SCRIPT = `(() => {
  "use strict";
  let isShown = false;
  const element = (name, text, ...inner) => {
    const made = document.createElement(name);
    if (text) made.textContent = text;
    made.append(...inner);
    return made;
  };
  const option = (key, { display_name: name, choices = {}, unlisted_choice: unlisted = {} }) => {
    const select = element("select");
    for (const { display_name: shown, default: isDefault } of Object.values(choices)) {
      const choice = element("option", shown);
      choice.selected = isDefault === true;
      select.append(choice);
    }
    if (unlisted.enabled) select.append(element("option", unlisted.display_name_in_choices));
    const row = element("label", "", element("span", name), select);
    row.className = "option";
    return row;
  };
  const profile = ({ slug, display_name: name, description, default: isDefault, profile_options: options = {} }) => {
    const radio = element("input");
    Object.assign(radio, { type: "radio", name: "profile", value: slug, checked: isDefault === true });
    const rows = Object.entries(options).map(([key, one]) => option(key, one));
    const label = element("label", "", radio, " " + name);
    return element("fieldset", "", element("legend", "", label), ...(description ? [element("p", description)] : []), ...rows);
  };
  addEventListener("message", ({ source, data }) => {
    if (isShown || source !== parent || !data || !Array.isArray(data.list)) return;
    isShown = true;
    document.getElementById("own").append(...data.list.map(profile));
    parent.postMessage({ studentsForm: "shown" }, "*");
  });
  parent.postMessage({ studentsForm: "ready" }, "*");
})();
`;
