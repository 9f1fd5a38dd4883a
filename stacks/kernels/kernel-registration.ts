/** What the stack's outputs say of it. */
interface Registered {
  readonly registration: string;
}

/**
 * The registration that a kernel had on a gateway when the stack was last deployed.
 * @returns undefined where it is new to gateways: one of qBook's service has no registration there
 */
export function formerRegistration(name: string, before: Registered | undefined): string | undefined {
  return before?.registration.startsWith(`kernel/${name}/`) ? before.registration : undefined;
}
