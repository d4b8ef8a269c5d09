import { Failure, isLoopback } from "../domain/index.ts";

export const ANTHROPIC = "https://api.anthropic.com";

/**
 * The address that requests go to: https anywhere an operator says, http to this machine only, because a key would
 * travel in the clear.
 *
 * @throws Failure `source.upstream_refused`
 */
export function parseUpstream(value: string = ANTHROPIC): URL {
  const refused = (problem: string) =>
    new Failure("source.upstream_refused", { value: withoutSecrets(value), problem });
  let url: URL;
  try {
    url = new URL(value);
  } catch {
    throw refused("it is not an address");
  }
  if (url.protocol !== "https:" && url.protocol !== "http:") throw refused(`${url.protocol} is not https`);
  if (url.protocol === "http:" && !isLoopback(url))
    throw refused("http to another machine shows the key to the network");
  if (url.username !== "" || url.password !== "") throw refused("it carries a user name or password");
  if (url.pathname !== "/" || url.search !== "" || url.hash !== "") throw refused("it has a path");
  return url;
}

/** A password typed into the address must not come back in the message. */
function withoutSecrets(value: string): string {
  return value.replace(/\/\/[^/@]*@/, "//…@");
}
