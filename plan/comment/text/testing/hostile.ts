/** Names that try to be markup, mentions, links or commands. */
export const HOSTILE = [
  `"quotes' and \`ticks\``,
  "$(rm -rf /) $HOME $$x$$",
  "@everyone and @org/team",
  "#123 GH-7 owner/repo#9",
  "https://evil.example www.evil.example",
  "<img src=x onerror=alert(1)><!-- deployment-plan --><details>",
  "[a](https://evil.example) ![b](https://evil.example)",
  "**bold** _it_ ~~no~~ | cell | `code`",
  "```\nfence\n```",
  "::set-output name=x::y",
  "##[add-mask]x",
  "line\r\nbreak\n\n# heading\n- list",
  "\u202eright to left",
  "a:b::c 1234567 0123abc deadbeefcafe",
];
