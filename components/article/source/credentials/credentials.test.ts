import { rules } from "@secretlint/secretlint-rule-preset-recommend";
import { describe, expect, it } from "vitest";
import { readArticle } from "../read.ts";
import { codeCell, htmlOutput, markdownCell, notebook, writeArticle } from "../testing/articles.ts";
import { mayHoldCredential } from "./credential-triage.ts";
import { findCredentials } from "./credentials.ts";

/** Letters and digits that look random, put together here so that no scanner takes this file for a leak. */
function noise(length: number, alphabet = "aZ3kQ9xB7mR1pL5wN8vC2tJ6yD4hF0gS"): string {
  return Array.from({ length }, (_, index) => alphabet[(index * 7 + (index >> 2)) % alphabet.length]).join(
    "",
  );
}

const hex = noise(32, "0a1f2e3d4c5b6978");
const letters = noise(34, "aZkQxBmRpLwNvCtJyDhFgS");
const pem = `-----BEGIN RSA PRIVATE KEY-----\nMI${noise(300)}\n-----END RSA PRIVATE KEY-----`;

/** A credential for each rule of the preset: one by one, what they find must pass the triage. */
const SAMPLES: Record<string, readonly string[]> = {
  "1password": [
    `ops_${Buffer.from(`{"email":"a@b.example","secretKey":"${noise(200)}"}`).toString("base64")}`,
  ],
  anthropic: [`sk-ant-api03-${noise(93)}AA`],
  aws: [
    `AKIA${noise(16, "QX7ZP3LM9RTB2")}`,
    `aws_secret_access_key = "${noise(40)}"`,
    `SecretAccessKey: ${noise(40)}`,
  ],
  basicauth: [`https://alice:${noise(12)}@data.qbraid.com/x`],
  "database-connection-string": [
    `postgres://alice:${noise(12)}@db.qbraid.com/x`,
    `MySQL://alice:${noise(12)}@db.qbraid.com/x`,
    `mongodb+srv://alice:${noise(12)}@db.qbraid.com/x`,
  ],
  databricks: [`dapi${hex}`],
  docker: [`dckr_pat_${noise(27)}`],
  figma: [`figd_${noise(40)}`],
  github: [`ghp_${noise(36)}`, `ghs_${noise(36)}`, `github_pat_${noise(82)}`],
  gitlab: [`glpat-${noise(20)}`],
  grafana: [`glc_${noise(40)}`, `glsa_${noise(32)}_${hex.slice(0, 8)}`],
  groq: [`gsk_${noise(52)}`],
  "hashicorp-vault": [`hvs.${noise(95)}`, `hvb.${noise(140)}`, `hvr.${noise(95)}`],
  huggingface: [`hf_${letters}`],
  linear: [`lin_api_${noise(40)}`],
  notion: [`ntn_${"83920174651"}${noise(35)}`],
  npm: [
    `npm_${noise(36)}`,
    `//registry.example/:_authToken=${noise(20)}`,
    `https://${noise(40)}:x-oauth-basic@github.com/`,
  ],
  openai: [`sk-${noise(20)}T3BlbkFJ${noise(20)}`],
  privatekey: [pem],
  sendgrid: [`SG.${noise(22)}.${noise(43)}`],
  shopify: [`shpat_${hex}`],
  slack: [
    `xoxb-${"40291837465"}-${noise(24)}`,
    `https://hooks.slack.com/services/T${noise(8)}/B${noise(8)}/${noise(24)}`,
  ],
  vercel: [`vcp_${noise(40)}`],
};

/** Rules that can find nothing in a cell: one only silences, the other looks at key files by their extension. */
const NOT_FOR_TEXTS = new Set(["filter-comments", "gcp"]);

describe("the credential rules", () => {
  it("are all accounted for, so that a new version of the preset asks for a look at the triage", () => {
    const names = rules.map(({ meta }) => meta.id.replace("@secretlint/secretlint-rule-", ""));
    expect(names.filter((name) => !NOT_FOR_TEXTS.has(name)).sort()).toEqual(Object.keys(SAMPLES).sort());
  });

  it.each(Object.entries(SAMPLES).flatMap(([rule, list]) => list.map((sample) => [rule, sample] as const)))(
    "%s finds its kind, and the triage lets it through",
    async (_, sample) => {
      for (const text of [sample, `before\ntoken = "${sample}"\nafter`]) {
        expect(mayHoldCredential(text)).toBe(true);
        const [found] = await findCredentials(text);
        expect(found?.what).toMatch(/^an? [\w ]+$/);
        expect(text.slice(found?.offset).startsWith(found?.secret ?? "-")).toBe(true);
      }
    },
  );

  it.each([
    "ghp_xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx",
    `hf_${"x".repeat(34)}`,
    "AKIAIOSFODNN7EXAMPLE",
    'aws_secret_access_key = "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY"',
    "https://user:password@qbraid.com",
    "https://user:$" + "{PASSWORD}@qbraid.com",
    "//registry.example/:_authToken=<your-token>",
    "https://alice:secret@qbraid.com",
    `https://alice:${noise(9)}@example.com/path`,
    "postgres://postgres:postgres@localhost:5432/db",
    "postgres://postgres:postgres@db:5432/postgres",
    "postgres://root:my_password@db.qbraid.com/x",
    "postgres://root:MyDbPassword@db.qbraid.com/x",
    "postgres://root:your-password-here@db.qbraid.com/x",
    "https://alice:YOUR_API_KEY@data.qbraid.com/x",
    "https://admin:Secret@data.qbraid.com/x",
    "mongodb://<user>:<password>@cluster0.qbraid.com",
    "-----BEGIN PRIVATE KEY-----\n...\n-----END PRIVATE KEY-----",
    "ghp_your_token_here_your_token_here_your_",
    "ghp_1234567890abcdefghijklmnopqrstuvwxyz",
    "a secret access key, an API token, and sk-… in a sentence",
  ])("pass over the placeholder %s", async (text) => {
    expect(await findCredentials(text)).toEqual([]);
  });

  it.each([
    `postgres://root:My${"S3cr3tPassW0rd"}@db.qbraid.com/x`,
    `postgres://root:Your${"H0rse-Battery"}@db.qbraid.com/x`,
    `https://alice:my${"dog_rex_1997"}@data.qbraid.com/x`,
  ])("find the password in %s, whatever it begins with", async (text) => {
    expect(await findCredentials(text)).toHaveLength(1);
  });

  it("can't be silenced from inside a notebook", async () => {
    expect(await findCredentials(`# secretlint-disable\nghp_${noise(36)}`)).toHaveLength(1);
  });
});

describe("a credential in a notebook", () => {
  const token = `ghp_${noise(36)}`;
  const stream = { output_type: "stream", name: "stdout", text: ["fine\n", `token ${token}\n`] };
  const failure = { output_type: "error", ename: "E", evalue: token, traceback: ["a"] };
  const result = (data: object) => ({
    output_type: "execute_result",
    execution_count: 1,
    metadata: {},
    data,
  });
  const attached = (data: object) =>
    markdownCell("![a](attachment:a.png)", { attachments: { "a.png": data } });
  it.each<[string, object, string]>([
    ["Markdown", notebook([markdownCell(`a ${token}`)]), "cells[0].source"],
    ["code", notebook([codeCell(["import os\n", `T = "${token}"`])]), "cells[0].source[1]"],
    [
      "code that is split inside of it",
      notebook([codeCell([`T = "${token.slice(0, 9)}`, token.slice(9)])]),
      "cells[0].source[0]",
    ],
    ["a raw cell", notebook([{ cell_type: "raw", metadata: {}, source: token }]), "cells[0].source"],
    ["what was printed", notebook([codeCell("1", [stream])]), "cells[0].outputs[0].text[1]"],
    ["an error", notebook([codeCell("1", [failure])]), "cells[0].outputs[0].evalue"],
    [
      "a result",
      notebook([codeCell("1", [result({ "text/plain": `'${token}'` })])]),
      'cells[0].outputs[0].data["text/plain"]',
    ],
    [
      "JSON in a result",
      notebook([codeCell("1", [result({ "application/json": { a: [token] } })])]),
      'cells[0].outputs[0].data["application/json"]',
    ],
    [
      "what only claims to be a picture",
      notebook([codeCell("1", [htmlOutput(token, "image/png")])]),
      'cells[0].outputs[0].data["image/png"]',
    ],
    ["a cell's metadata", notebook([markdownCell("a", { metadata: { note: token } })]), "cells[0].metadata"],
    ["the notebook's metadata", notebook([], { metadata: { note: `"${token}"` } }), "metadata"],
    [
      "an attachment",
      notebook([attached({ "text/plain": token })]),
      'cells[0].attachments["a.png"]["text/plain"]',
    ],
  ])("is found in %s, and is not repeated", async (_, content, path) => {
    const { article, problems } = await readArticle(await writeArticle({ "one.ipynb": content }), "course");
    expect([...new Set(problems.map(({ code }) => code))]).toEqual(["credential"]);
    expect(problems[0]).toMatchObject({ severity: "error", path });
    expect(problems[0]?.line).toBeGreaterThan(0);
    expect(JSON.stringify(problems)).not.toContain(token.slice(8));
    expect(article).toBeUndefined();
  });

  it.each([
    ["directly after a colour", `a\u001b[31m${token}\u001b[0m`, 6],
    ["split by a colour", `a \u001b[31m${token.slice(0, 9)}\u001b[1;32m${token.slice(9)}\u001b[0m`, 7],
    ["plain in a coloured text", `\u001b[31ma\u001b[0m ${token} b`, 11],
  ])("is found once in a traceback, %s", async (_, line, column) => {
    const output = { ...failure, evalue: "e", traceback: ["\u001b[0;31m-----\u001b[0m\n", line] };
    const content = notebook([codeCell("1", [output])]);
    const folder = await writeArticle({ "one.ipynb": content });
    const { problems } = await readArticle(folder, "course");
    expect(problems).toMatchObject([{ code: "credential", path: "cells[0].outputs[0].traceback[1]" }]);
    const written = JSON.stringify(line);
    const before = JSON.stringify(line.slice(0, column)).length - 1;
    const lines = JSON.stringify(content, null, 1).split("\n");
    const start = lines.map((text) => text.indexOf(written)).find((at) => at >= 0) ?? 0;
    expect(problems[0]?.column).toBe(start + before + 1);
    expect(JSON.stringify(problems)).not.toContain(token.slice(9));
  });

  it("is masked in what is reported of its neighbours, and warns where the stack allows it", async () => {
    const password = noise(14);
    const source = `<img src="no.png?u=https://alice:${password}@data.qbraid.com/" onerror="x('${token}')">`;
    const folder = await writeArticle({ "one.ipynb": notebook([markdownCell(source)]) });
    const { problems } = await readArticle(folder, "course", { rules: { credentials: "warning" } });
    const codes = problems.map(({ code, severity }) => `${severity} ${code}`);
    expect(codes).toEqual(
      expect.arrayContaining(["warning credential", "error active-content", "error missing-image"]),
    );
    expect(JSON.stringify(problems)).not.toContain(token);
    expect(JSON.stringify(problems)).not.toContain(password);
  });
});
