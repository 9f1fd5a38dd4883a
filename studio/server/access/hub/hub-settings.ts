import { z } from "zod";
import { LecternError } from "../../../../components/problem/problem.ts";
import { zodProblems } from "../../../../components/problem/zod.ts";

/** What a JupyterHub tells the services that it starts, and whoever runs one outside of it sets. */
export interface HubSettings {
  /** The path that the studio is served below, with a slash at both ends: `/services/lectern/`. */
  readonly base: string;
  /** Where people's browsers find the Hub: `/hub/`, or an address with another host. */
  readonly hub: string;
  /** The address of the Hub's REST API, for the studio itself. */
  readonly api: string;
  readonly token: string;
  readonly clientId: string;
  /** Where a browser comes back to after it signed in. */
  readonly callback: string;
  /** One of these scopes has whoever may use the service at all. */
  readonly accessScopes: readonly string[];
  /** Where to listen. */
  readonly listen: { readonly host: string; readonly port: number };
}

type Environment = Readonly<Record<string, string | undefined>>;

/** Whether this process is a service of a JupyterHub, rather than a terminal on one of its servers. */
export const isHubService = ({ JUPYTERHUB_SERVICE_NAME: name }: Environment): boolean => Boolean(name);

const withSlash = (text: string) => (text.endsWith("/") ? text : `${text}/`);
const address = z.url({ protocol: /^https?$/ });
const schema = z.object({
  JUPYTERHUB_SERVICE_NAME: z.string().min(1),
  JUPYTERHUB_SERVICE_PREFIX: z.string().startsWith("/").transform(withSlash),
  JUPYTERHUB_SERVICE_URL: address,
  JUPYTERHUB_API_URL: address,
  JUPYTERHUB_API_TOKEN: z.string().min(1),
  JUPYTERHUB_CLIENT_ID: z.string().min(1).optional(),
  JUPYTERHUB_BASE_URL: z.string().startsWith("/").transform(withSlash).default("/"),
  JUPYTERHUB_HOST: z.string().default(""),
  JUPYTERHUB_OAUTH_CALLBACK_URL: z.string().min(1).optional(),
  JUPYTERHUB_OAUTH_ACCESS_SCOPES: z
    .string()
    .transform((text, context): readonly string[] => {
      const scopes = z.array(z.string()).safeParse(json(text));
      if (scopes.success) return scopes.data;
      context.addIssue({ code: "custom", message: "must be a JSON list of scopes" });
      return z.NEVER;
    })
    .optional(),
});

/** @throws {LecternError} with every variable that is missing or wrong */
export function hubSettings(environment: Environment): HubSettings {
  const parsed = schema.safeParse(environment);
  if (!parsed.success)
    throw new LecternError(zodProblems(parsed.error, { file: "the environment of the service" }));
  const {
    JUPYTERHUB_SERVICE_NAME: name,
    JUPYTERHUB_SERVICE_PREFIX: base,
    JUPYTERHUB_OAUTH_ACCESS_SCOPES: accessScopes = [`access:services!service=${name}`, "access:services"],
    JUPYTERHUB_OAUTH_CALLBACK_URL: callback = `${base}oauth_callback`,
    JUPYTERHUB_CLIENT_ID: clientId = `service-${name}`,
    ...rest
  } = parsed.data;
  const { hostname, port, protocol } = new URL(rest.JUPYTERHUB_SERVICE_URL);
  return {
    base,
    hub: `${rest.JUPYTERHUB_HOST}${rest.JUPYTERHUB_BASE_URL}hub/`,
    api: withSlash(rest.JUPYTERHUB_API_URL),
    token: rest.JUPYTERHUB_API_TOKEN,
    clientId,
    callback,
    accessScopes,
    listen: {
      host: hostname.replace(/^\[(.*)\]$/, "$1"),
      port: port === "" ? (protocol === "https:" ? 443 : 80) : Number(port),
    },
  };
}

function json(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
