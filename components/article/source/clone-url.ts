/**
 * The address that the platform clones, from a remote's: `git@host:org/repo.git` and `ssh://…` become
 * https, user, password, query and fragment go. A path on this machine stays a path.
 */
export function cloneUrl(remote: string): string {
  const address = remote.trim();
  const scp = /^(?:[^/@:]+@)?([^/:@]{2,}):(?!\/\/|\\)(.+)$/.exec(address);
  if (scp) return `https://${scp[1]}/${scp[2]?.replace(/^\/+/, "")}`;
  if (!/^(https?|ssh|git|git\+ssh):\/\//i.test(address)) return address;
  const url = new URL(address);
  const secure = !/^https?:$/i.test(url.protocol);
  // Ports of ssh and git mean nothing to https; a web server's own port does.
  const host = secure ? url.hostname : url.host;
  return `${secure ? "https:" : url.protocol}//${host}${url.pathname}`;
}
