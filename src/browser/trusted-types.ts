/** What is used of Trusted Types, by which a browser checks what becomes the address of a script. */
interface TrustedTypes {
  createPolicy(
    name: string,
    rules: { createScriptURL(address: string): string },
  ): { createScriptURL(address: string): string };
}

/**
 * Makes the one policy of a name, which a page may do once. Runs in the browser.
 *
 * @param accept gives the address back, or throws
 * @returns gives an address that may be set on a script; where browsers do not check, as it is
 */
export function scriptPolicy(
  name: string,
  accept: (address: string) => string,
): (address: string) => string {
  const { trustedTypes } = globalThis as { trustedTypes?: TrustedTypes };
  const policy = trustedTypes?.createPolicy(name, { createScriptURL: accept });
  return policy ? (address) => policy.createScriptURL(address) : accept;
}
