/** Readable on a phone, on paper, and in the dark. Colors have a contrast of 4.5 to 1 at least. */
export const STYLE = `
:root {
  --ground: #fbfbfa; --card: #fff; --ink: #1d2126; --quiet: #565e68; --line: #dcdfe3; --accent: #0b57a4;
  --held: #7a4b00; --held-ground: #fff4dc; --bad: #a3161c; --bad-ground: #ffeceb; --good: #1a6334; --good-ground: #e7f5ea;
  --note: #454f8c; --note-ground: #eef0fb;
}
@media (prefers-color-scheme: dark) {
  :root {
    --ground: #14171b; --card: #1c2026; --ink: #e7eaee; --quiet: #a4adb8; --line: #353b44; --accent: #7db7f5;
    --held: #f2c46d; --held-ground: #382a10; --bad: #ff9b95; --bad-ground: #40191b; --good: #86d39d; --good-ground: #14301e;
    --note: #b5bdf5; --note-ground: #242949;
  }
}
* { box-sizing: border-box; }
body { margin: 0; background: var(--ground); color: var(--ink); font: 15px/1.45 system-ui, sans-serif; }
header, main { max-width: 78rem; margin: 0 auto; padding: 0 1.25rem; }
header { padding-top: 1.75rem; }
h1 { font-size: 1.6rem; line-height: 1.2; margin: 0 0 .25rem; letter-spacing: -.01em; }
h2 { font-size: 1.1rem; margin: 2rem 0 .5rem; }
p { margin: 0; }
header > p, .since, .uses, .id, .none, .count, .stack, .image { color: var(--quiet); }
a { color: var(--accent); }
.count { font-weight: 400; font-size: .9em; }
.counts, .stacks { list-style: none; margin: .75rem 0 0; padding: 0; }
.counts { display: flex; flex-wrap: wrap; gap: .5rem; }
.counts li { border-radius: 999px; padding: .2rem .8rem; background: var(--note-ground); color: var(--note); }
.stacks li { padding: .45rem 0; border-top: 1px solid var(--line); }
.stacks span { color: var(--quiet); }
.stacks strong { display: inline-block; min-width: 8rem; }
#filters { position: sticky; top: 0; z-index: 1; display: flex; flex-wrap: wrap; gap: .5rem 1rem; align-items: center;
  margin: 1.5rem 0 0; padding: .6rem 0; background: var(--ground); border-bottom: 1px solid var(--line); }
#filters[hidden] { display: none; }
#filters label { display: flex; gap: .4rem; align-items: center; color: var(--quiet); }
#filters input, #filters select { font: inherit; color: var(--ink); background: var(--card); border: 1px solid var(--quiet);
  border-radius: 6px; padding: .3rem .5rem; max-width: 100%; }
#filters input { width: 17rem; }
#filters output { margin-left: auto; color: var(--quiet); }
:focus-visible { outline: 2px solid var(--accent); outline-offset: 2px; }
section.kind { content-visibility: auto; contain-intrinsic-size: auto 30rem; }
table { width: 100%; border-collapse: collapse; background: var(--card); border: 1px solid var(--line); border-radius: 8px;
  table-layout: fixed; }
th, td { text-align: start; vertical-align: top; padding: .5rem .75rem; border-top: 1px solid var(--line); overflow-wrap: anywhere; }
thead th { border-top: 0; font-size: .85rem; color: var(--quiet); font-weight: 600; }
tbody th { font-weight: 400; }
th:first-child { width: 30%; }
.title { display: block; font-weight: 600; }
.id { display: block; font-size: .9em; }
tbody th > .id:first-child { color: var(--ink); font-weight: 600; font-size: 1em; }
.version { font-weight: 600; }
code { font: .88em ui-monospace, "DejaVu Sans Mono", monospace; }
.since, .uses, .stack, .image { font-size: .9em; }
.cell + .cell { margin-top: .5rem; }
.note { margin-top: .3rem; padding: .25rem .55rem; border-radius: 6px; font-size: .9em; border-inline-start: 3px solid currentColor; }
.note strong { margin-inline-end: .3em; }
.is-held { color: var(--held); background: var(--held-ground); }
.is-drifted, .is-unhealthy { color: var(--bad); background: var(--bad-ground); }
.is-deployed { color: var(--good); background: var(--good-ground); }
.is-override, .is-outside, .is-behind { color: var(--note); background: var(--note-ground); }
.counts .is-held { color: var(--held); background: var(--held-ground); }
.counts .is-drifted, .counts .is-unhealthy { color: var(--bad); background: var(--bad-ground); }
.counts .is-deployed { color: var(--good); background: var(--good-ground); }
details { border-top: 1px solid var(--line); padding: .45rem 0; }
summary { cursor: pointer; font-weight: 600; }
.history { padding-inline-start: 1.25rem; margin: .4rem 0; }
.history li { margin: .25rem 0; }
.is-failed { color: var(--bad); }
main { padding-bottom: 3rem; }
@media (max-width: 44rem) {
  table, tbody, tr, th, td { display: block; width: auto; }
  thead { display: none; }
  tr[hidden] { display: none; }
  th:first-child { width: auto; border-top: 1px solid var(--line); }
  tr:first-child th { border-top: 0; }
  td { border-top: 0; padding-top: 0; }
  td.empty { display: none; }
  td::before { content: attr(data-label); font-size: .85rem; font-weight: 600; color: var(--quiet); }
  .stacks strong { display: block; }
  #filters { position: static; }
  #filters label, #filters input, #filters select { flex: 1 1 auto; width: 100%; }
}
@media print {
  body { background: #fff; color: #000; font-size: 10pt; }
  #filters { display: none; }
  section.kind { content-visibility: visible; }
  tr, .stacks li { break-inside: avoid; }
  a { color: inherit; }
  a[href]::after { content: " (" attr(href) ")"; font-size: .85em; overflow-wrap: anywhere; }
}
`;
