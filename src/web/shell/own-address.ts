/**
 * A place of this site, whatever was asked for. Browsers read `//elsewhere`, `/\elsewhere` and a slash, a tab and
 * another slash as another site, so the address is judged by where it leads.
 */
export function ownAddress(wanted: string, origin: string): string {
  if (!URL.canParse(wanted, origin)) return "/";
  const url = new URL(wanted, origin);
  return url.origin === origin && wanted.startsWith("/") ? `${url.pathname}${url.search}${url.hash}` : "/";
}
