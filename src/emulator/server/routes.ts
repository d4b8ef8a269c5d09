import type { Endpoint, Method } from "./endpoint.ts";
import { endpoints } from "./endpoints/index.ts";
import type { NotServed } from "./endpoints/not-served.ts";
import { notServed } from "./endpoints/not-served.ts";

export type Route =
  | { readonly kind: "served"; readonly endpoint: Endpoint; readonly at: Readonly<Record<string, string>> }
  | { readonly kind: "not_served"; readonly endpoint: NotServed }
  | { readonly kind: "wrong_method" }
  | { readonly kind: "unknown" };

interface Pattern {
  readonly endpoint: Endpoint;
  readonly path: RegExp;
}

const patterns: readonly Pattern[] = endpoints.map((endpoint) => ({
  endpoint,
  path: new RegExp(`^${endpoint.path.replace(/\{(\w+)\}/g, "(?<$1>[^/]+)")}$`),
}));

/** Finds what a method and path mean; `/spend_limits/effective` stands before `/spend_limits/{id}` in the catalog. */
export function findRoute(method: string, path: string): Route {
  const known = patterns.flatMap((pattern) => {
    const match = pattern.path.exec(path);
    return match === null ? [] : [{ endpoint: pattern.endpoint, at: placeholders(match) }];
  });
  const refused = notServed.find((endpoint) => endpoint.path.test(path));
  if (refused !== undefined) return { kind: "not_served", endpoint: refused };
  const served = known.find(({ endpoint }) => endpoint.method === (method as Method));
  if (served !== undefined) return { kind: "served", ...served };
  return { kind: known.length > 0 ? "wrong_method" : "unknown" };
}

function placeholders(match: RegExpExecArray): Record<string, string> {
  const entries = Object.entries(match.groups ?? {}).map(([name, text]): [string, string] => [name, decode(text)]);
  return Object.fromEntries(entries);
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
