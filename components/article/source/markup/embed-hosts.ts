/**
 * Sites whose players, applets and documents teaching material embeds, subdomains included. A stack's
 * configuration replaces them.
 */
export const EMBED_HOSTS: readonly string[] = [
  "youtube.com",
  "youtube-nocookie.com",
  "vimeo.com",
  "ted.com",
  "wikipedia.org",
  "wikimedia.org",
  "openstreetmap.org",
  "maps.google.com",
  "docs.google.com",
  "drive.google.com",
  "geogebra.org",
  "desmos.com",
  "phet.colorado.edu",
  "pythontutor.com",
  "algassert.com",
  "plotly.com",
  "plot.ly",
  "wandb.ai",
  "airtable.com",
  "gradio.app",
  "gradio.live",
  "hf.space",
  "huggingface.co",
  "h5p.org",
  "h5p.com",
];

/** Whether an address is a page of one of the hosts, or of a subdomain. */
export function isOnHost(address: string, hosts: readonly string[]): boolean {
  const url = address.trim().replace(/^\/\//, "https://");
  if (!/^https?:\/\//i.test(url) || !URL.canParse(url)) return false;
  const { hostname } = new URL(url);
  return hosts.some((host) => hostname === host || hostname.endsWith(`.${host}`));
}
