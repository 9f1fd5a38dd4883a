import { generateKeyPairSync } from "node:crypto";
import { rules } from "@secretlint/secretlint-rule-preset-recommend";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { noise } from "../testing/noise.ts";
import { mayHoldCredential } from "./credential-triage.ts";
import { findCredentials } from "./credentials.ts";
import { PROVIDER_RULES } from "./provider-rules.ts";

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

/** A credential for each of the providers' rules that the preset lacks. */
const PROVIDERS: Record<string, readonly string[]> = {
  "an AWS access key ID": [
    `AKIA${"ABCDEFGHIJKLMNOP"}`,
    `A3T${"X"}${noise(16, "QX7ZP3LM9RTB2")}`,
    `A3T${noise(16, "QX7ZP3LM9RTB2")}`,
    `my_AKIA${noise(16, "QX7ZP3LM9RTB2")}_old`,
  ],
  "a Google API key": [`AIza${noise(35)}`],
  "a Google OAuth client secret": [`GOCSPX-${noise(28)}`],
  "an Azure storage key": [`DefaultEndpointsProtocol=https;AccountName=a;AccountKey=${noise(86)}==`],
  "an Azure access key": [
    `ResourceGroupName=a;WorkspaceName=b;ApiKey=${noise(86)};QuantumEndpoint=https://a`,
    `Endpoint=sb://a/;SharedAccessKeyName=b;SharedAccessKey=${noise(43)}=`,
  ],
  "a D-Wave token": [`DEV-${noise(40, "0a1f2e3d4c5b6978")}`],
  "an IBM Quantum token": [`IBMQ.save_account("${noise(128, "0a1f2e3d4c5b6978")}")`],
  "a Stripe key": [`sk_live_${noise(24)}`, `rk_test_${noise(99)}`],
  "a PyPI token": [`pypi-AgEIcHlwaS5vcmc${noise(120)}`],
  "a Discord webhook": [
    `https://discord.com/api/webhooks/${"829103746510293847"}/${noise(68)}`,
    `https://discord.com/api/v10/webhooks/${"829103746510293847"}/${noise(68)}`,
  ],
  "a Telegram bot token": [`8${"29103746"}:AA${noise(33)}`],
  "a Kaggle key": [`{"username":"alice","key":"${hex}"}`],
  "a Weights & Biases key": [
    `wandb.login(key="${noise(40, "0a1f2e3d4c5b6978")}")`,
    `!wandb login ${noise(40, "0a1f2e3d4c5b6978")}`,
  ],
  "an IonQ key": [`IonQProvider("${noise(32)}")`],
  "a LangSmith key": [`lsv2_pt_${hex}_${hex.slice(0, 10)}`],
  "a Pinecone key": [`pcsk_${noise(64)}`],
  "a Replicate token": [`r8_${noise(37)}`],
  "an OpenRouter key": [`sk-or-v1-${hex}${hex}`],
  "an xAI key": [`xai-${noise(80)}`],
  "a Perplexity key": [`pplx-${noise(48)}`],
  "a DigitalOcean token": [`dop_v1_${hex}${hex}`],
  "a Pulumi token": [`pul-${noise(40, "0a1f2e3d4c5b6978")}`],
  "a GitLab token": [`gldt-${noise(20)}`, `glptt-${noise(40)}`],
  "a bearer token": [
    `Authorization: Bearer ${noise(40)}`,
    `{"Authorization": "Token ${noise(40)}"}`,
    `headers["Authorization"] = f'apikey ${noise(40)}'`,
  ],
};

/** Assignments of secrets whose provider nobody can tell: the name and the look of the value decide. */
const ASSIGNED = [
  `api_key = '${"abcdef1234567890"}${"abcdef1234567890"}'`,
  `API-KEY: "${noise(20)}"`,
  `token: "${noise(32)}"`,
  `QiskitRuntimeService(channel="ibm_quantum", token='${noise(44)}')`,
  `QbraidSession(api_key="${noise(24)}")`,
  `{"access_token":"${noise(40)}"}`,
  `os.environ["IBM_API_KEY"] = "${noise(44)}"`,
  `client_secret => \`${noise(30)}\``,
  `%env IBM_TOKEN=${noise(44)}`,
  `export AZURE_OPENAI_KEY=${hex}`,
  `password = "${"hunter2"}${"hunter2"}"`,
  `db_password: '${"correct-horse"}-${"battery"}'`,
  `conn = connect(user="alice", passwd="${"Tr0ub4dor"}&3")`,
  `api_key: str = "${noise(32)}"`,
  `api_key: Optional[str]='${noise(32)}'`,
  `api_key <- "${noise(32)}"`,
  `token = """${noise(40)}"""`,
  `key = os.getenv("QBRAID_API_KEY", "${noise(22)}")`,
  `os.environ.setdefault('IBM_TOKEN', '${noise(44)}')`,
  `const apiToken = f'${noise(32)}';`,
  `%env QBRAID_API_KEY ${noise(22)}`,
  `!export api_key=${noise(22)}`,
  `api-key = ${noise(22)}`,
  `access_token: ${noise(40)}`,
  `!quantum login --api-key ${noise(22)}`,
  `!deploy --token="${noise(22)}" --all`,
  `curl -H "X-API-Key: ${hex}" https://data.qbraid.com`,
  `requests.get("https://data.qbraid.com/v1?limit=1&api_key=${hex}")`,
];

const KEYS = {
  RSA: generateKeyPairSync("rsa", { modulusLength: 2048 }),
  "EC P-256": generateKeyPairSync("ec", { namedCurve: "P-256" }),
  "EC P-384": generateKeyPairSync("ec", { namedCurve: "P-384" }),
  Ed25519: generateKeyPairSync("ed25519"),
  X25519: generateKeyPairSync("x25519"),
};

const EXPORTS = Object.entries(KEYS).flatMap(([name, { privateKey }]) => {
  const formats = name.startsWith("EC") ? (["pkcs8", "sec1"] as const) : (["pkcs8"] as const);
  return formats.map((type) => [name, type, String(privateKey.export({ type, format: "pem" }))] as const);
});

const ALL_SAMPLES = [
  ...Object.values(SAMPLES),
  ...Object.values(PROVIDERS),
  ASSIGNED,
  EXPORTS.map(([, , text]) => text),
].flat();

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
        expect(found?.what).toMatch(/^an? [\w &()-]+$/);
        expect(text.slice(found?.offset).startsWith(found?.secret ?? "-")).toBe(true);
      }
    },
  );

  it.each(PROVIDER_RULES.map(({ what }) => what))("find %s, and the triage lets it through", async (what) => {
    const samples = PROVIDERS[what] ?? [];
    expect(samples).not.toEqual([]);
    for (const sample of samples) {
      for (const text of [sample, `before\n${sample}\nafter`]) {
        expect(mayHoldCredential(text)).toBe(true);
        expect(await findCredentials(text)).toMatchObject([{ what }]);
      }
    }
  });

  it.each(ASSIGNED)("find the secret in %s by its name and its look", async (sample) => {
    for (const text of [sample, `before\n  ${sample}\nafter`]) {
      expect(mayHoldCredential(text)).toBe(true);
      const [found, ...others] = await findCredentials(text);
      expect(found?.what).toMatch(/^a (?:secret|password) \([\w-]+\)$/);
      expect(text.slice(found?.offset).startsWith(found?.secret ?? "-")).toBe(true);
      expect(others).toEqual([]);
    }
  });

  it.each(EXPORTS)(
    "find a private key of %s as %s, whole or cut off, in a file or in code",
    async (_, __, key) => {
      const inCode = `KEY = "${key.replaceAll("\n", "\\n")}"`;
      const cut = key.slice(0, key.indexOf("-----END"));
      for (const text of [key, `before\n${key}\nafter`, inCode, cut]) {
        expect(mayHoldCredential(text)).toBe(true);
        const found = await findCredentials(text);
        expect(found).toMatchObject([{ what: "a private key" }]);
        expect(text.replace(found[0]?.secret ?? "", "")).not.toMatch(/[A-Za-z0-9+/]{40}/);
      }
    },
  );

  it("find nothing in a text that the triage rules out", async () => {
    const piece = fc.oneof(
      fc.constantFrom(...ALL_SAMPLES),
      fc
        .tuple(fc.constantFrom(...ALL_SAMPLES), fc.nat(40), fc.nat(40))
        .map(([text, from, cut]) => text.slice(from, text.length - cut)),
      fc.constantFrom(
        "token",
        "api_key",
        "password",
        "KEY=",
        " = ",
        ": ",
        "'",
        '"',
        "\n",
        "://",
        "@",
        "_",
        "-",
      ),
      fc.string(),
    );
    await fc.assert(
      fc.asyncProperty(fc.array(piece, { maxLength: 6 }), async (pieces) => {
        const text = pieces.join("");
        if (!mayHoldCredential(text)) expect(await findCredentials(text)).toEqual([]);
      }),
      { numRuns: 2000 },
    );
  });

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
    'tokenizer = "distilbert-base-uncased-finetuned-sst-2-english"',
    'pad_token="<|endoftext|>", token = "bert-base-multilingual-cased"',
    'token = "HUGGINGFACE_HUB_TOKEN_NAME"; api_key = os.environ["OPENAI_API_KEY_FOR_TESTS"]',
    'api_key="YOUR_API_KEY_1234567890"; token="<MY_IBM_QUANTUM_TOKEN>"',
    'if token == "a1b2c3d4e5f6g7h8": pass',
    'secret = "the quick brown fox jumps over 13 lazy dogs"',
    'password = "password123"; password="your_password"; passwd = "********"',
    "password = 'sha1:67c9e60bb8b6:9ffede0825894254b2e042ea597d771089e11aed'",
    'password = getpass("Enter it: "); password = f"{user}{salt}"; pwd = "/home/alice/course"',
    'API_KEY=SOME_CONSTANT_OF_THE_MODULE; token="12345678901234567890"',
    "Authorization: Bearer <access-token>, or Bearer authentication-as-everybody-knows",
    `mapbox_access_token = "pk.${"eyJ1"}${noise(50)}.${noise(22)}"`,
    `{"nextPageToken": "${noise(30)}", "csrf_token": "${noise(64)}", "publicKeyToken": "${hex}"}`,
    "api_key = load_config2_from_vault_3rd_try\ntoken: transformers.AutoTokenizer.from_pretrained",
    'api_key: str = "the_name_of_the_variable"; os.getenv("API_KEY", "no_key_was_given_at_all")',
    'words = ["token", "embedding-layer-1024", "secret"]',
    '{"description":"Use password","disabled":false,"model":"token","layout":"IPY_MODEL_3f"}',
    `["access_token", "${noise(30)}"]`,
    "api_key = $QBRAID_API_KEY_OF_2026\n%env IBM_TOKEN your_ibm_token_goes_here\n!run --token $TOKEN --all",
    "https://data.qbraid.com/v1?api_key=YOUR_API_KEY_GOES_HERE&access_token=abcdefghijklmnopqrstuvwxyz",
    "| --------- | ------------------------ | --token |",
  ])("pass over the placeholder %s", async (text) => {
    expect(await findCredentials(text)).toEqual([]);
  });

  it.each([
    `postgres://root:My${"S3cr3tPassW0rd"}@db.qbraid.com/x`,
    `postgres://root:Your${"H0rse-Battery"}@db.qbraid.com/x`,
    `https://alice:my${"dog_rex_1997"}@data.qbraid.com/x`,
    `https://alice:${noise(12)}@files.campus.local/x`,
  ])("find the password in %s, whatever it begins with", async (text) => {
    expect(await findCredentials(text)).toHaveLength(1);
  });

  it("can't be silenced from inside a notebook", async () => {
    expect(await findCredentials(`# secretlint-disable\nghp_${noise(36)}`)).toHaveLength(1);
  });
});
