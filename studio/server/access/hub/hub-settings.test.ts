import { describe, expect, it } from "vitest";
import { LecternError } from "../../../../components/problem/problem.ts";
import { hubSettings, isHubService } from "./hub-settings.ts";

/** What JupyterHub 5 sets for a service that it starts. */
const GIVEN = {
  JUPYTERHUB_SERVICE_NAME: "lectern",
  JUPYTERHUB_SERVICE_PREFIX: "/base/services/lectern/",
  JUPYTERHUB_SERVICE_URL: "http://127.0.0.1:8400",
  JUPYTERHUB_API_URL: "http://127.0.0.1:8081/base/hub/api",
  JUPYTERHUB_API_TOKEN: "secret",
  JUPYTERHUB_CLIENT_ID: "service-lectern",
  JUPYTERHUB_BASE_URL: "/base/",
  JUPYTERHUB_HOST: "",
  JUPYTERHUB_OAUTH_CALLBACK_URL: "/base/services/lectern/oauth_callback",
  JUPYTERHUB_OAUTH_ACCESS_SCOPES: '["access:services", "access:services!service=lectern"]',
};

describe("the environment of a service", () => {
  it("says where the studio and the Hub are", () => {
    expect(hubSettings(GIVEN)).toEqual({
      base: "/base/services/lectern/",
      hub: "/base/hub/",
      api: "http://127.0.0.1:8081/base/hub/api/",
      token: "secret",
      clientId: "service-lectern",
      callback: "/base/services/lectern/oauth_callback",
      accessScopes: ["access:services", "access:services!service=lectern"],
      listen: { host: "127.0.0.1", port: 8400 },
    });
  });

  it("needs only what has no default, for a service that the Hub does not start itself", () => {
    const { JUPYTERHUB_CLIENT_ID, JUPYTERHUB_BASE_URL, JUPYTERHUB_HOST, ...rest } = GIVEN;
    const { JUPYTERHUB_OAUTH_CALLBACK_URL, JUPYTERHUB_OAUTH_ACCESS_SCOPES, ...least } = rest;
    expect(hubSettings({ ...least, JUPYTERHUB_SERVICE_URL: "http://[::]:8400" })).toMatchObject({
      hub: "/hub/",
      clientId: "service-lectern",
      callback: "/base/services/lectern/oauth_callback",
      accessScopes: ["access:services!service=lectern", "access:services"],
      listen: { host: "::", port: 8400 },
    });
  });

  it("is refused with every variable that is missing or wrong, and without a secret", () => {
    const { JUPYTERHUB_API_URL, ...rest } = GIVEN;
    const wrong = { ...rest, JUPYTERHUB_SERVICE_URL: "8400", JUPYTERHUB_OAUTH_ACCESS_SCOPES: "access" };
    const refused = () => hubSettings(wrong);
    expect(refused).toThrow(LecternError);
    for (const name of ["API_URL", "SERVICE_URL", "OAUTH_ACCESS_SCOPES"]) {
      expect(refused).toThrow(`JUPYTERHUB_${name}`);
    }
    expect(refused).not.toThrow(/secret/);
  });

  it("is not that of a terminal on one of the Hub's servers", () => {
    expect(isHubService(GIVEN)).toBe(true);
    const server = {
      JUPYTERHUB_SERVICE_PREFIX: "/user/ada/",
      JUPYTERHUB_API_TOKEN: "t",
      JUPYTERHUB_USER: "ada",
    };
    expect(isHubService(server)).toBe(false);
  });
});
