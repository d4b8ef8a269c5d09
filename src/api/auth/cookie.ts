/** How the session stands in the browser. */
export interface SessionCookie {
  readonly name: string;
  readonly isSecure: boolean;
}

/**
 * On https, a cookie that no other host and no plain connection can set. A browser keeps no such cookie from plain
 * http, so at a loopback address, and only there, it has a plain name.
 */
export function cookieFor(origin: string): SessionCookie {
  const { protocol, hostname } = new URL(origin);
  const isPlain = protocol === "http:" && /^(?:localhost|127(?:\.\d{1,3}){3}|\[::1\])$/.test(hostname);
  return isPlain ? { name: "bursar", isSecure: false } : { name: "__Host-bursar", isSecure: true };
}

/** The value of a cookie in a request's header; null when it is not there, or there twice. */
export function readCookie(header: string | null | undefined, name: string): string | null {
  const values = (header ?? "")
    .split(";")
    .map((pair) => pair.trim())
    .filter((pair) => pair.startsWith(`${name}=`))
    .map((pair) => pair.slice(name.length + 1));
  return values.length === 1 ? values[0]! : null;
}

/** @param maxAgeSeconds 0 takes it away */
export function setCookie({ name, isSecure }: SessionCookie, value: string, maxAgeSeconds: number): string {
  return `${name}=${value}; Path=/; Max-Age=${maxAgeSeconds}; HttpOnly; SameSite=Lax${isSecure ? "; Secure" : ""}`;
}
