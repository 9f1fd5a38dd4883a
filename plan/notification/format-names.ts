/** The services whose webhooks are known, and one for anything else. */
export const FORMATS = ["slack", "mattermost", "json"] as const;
export type Format = (typeof FORMATS)[number];
