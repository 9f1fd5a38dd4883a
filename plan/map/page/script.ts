/** Filters lines as words are typed. Without it everything is shown. */
export const SCRIPT = `
const form = document.getElementById("filters");
const rows = [...document.querySelectorAll("section.kind tbody tr")].map((row) => ({
  row,
  kind: row.closest("section").dataset.kind,
  states: row.dataset.states.split(" "),
  words: [row.textContent, ...[...row.querySelectorAll("code")].map((one) => one.title)].join(" ").toLowerCase(),
}));
const apply = () => {
  const { text, kind, state } = Object.fromEntries(new FormData(form));
  const wanted = text.toLowerCase().split(/\\s+/).filter(Boolean);
  let shown = 0;
  for (const one of rows) {
    const fits =
      (!kind || one.kind === kind) &&
      (!state || one.states.includes(state)) &&
      wanted.every((word) => one.words.includes(word));
    one.row.hidden = !fits;
    if (fits) shown += 1;
  }
  for (const section of document.querySelectorAll("section.kind"))
    section.hidden = !section.querySelector("tbody tr:not([hidden])");
  form.querySelector("output").textContent = shown === rows.length ? shown + " things" : shown + " of " + rows.length + " things";
};
form.hidden = false;
form.addEventListener("input", apply);
form.addEventListener("submit", (event) => event.preventDefault());
apply();
`;
