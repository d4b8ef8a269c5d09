import { ASSISTANT_SCOPES } from "../access/index.ts";
import type { Refusal } from "./parts.ts";

/** Path of the resource below the server's origin. */
export const RESOURCE_PATH = "/mcp";

/** Where the metadata of the resource stands (RFC 9728). */
export const RESOURCE_METADATA_PATH = "/.well-known/oauth-protected-resource";

/** `WWW-Authenticate` of the resource (RFC 6750 and 9728). Every part is ours: nothing of a request stands in it. */
export function challengeOf(origin: string, refusal: Refusal): string {
  const scopes = refusal.error === "insufficient_scope" ? refusal.scopes : ASSISTANT_SCOPES;
  const parts = [
    ["error", refusal.error],
    ["error_description", refusal.error && DESCRIPTIONS[refusal.error]],
    ["resource_metadata", `${origin}${RESOURCE_METADATA_PATH}${RESOURCE_PATH}`],
    ["scope", scopes.join(" ")],
  ] as const;
  return `Bearer ${parts.flatMap(([name, value]) => (value === undefined ? [] : [`${name}="${value}"`])).join(", ")}`;
}

const DESCRIPTIONS = {
  invalid_token: "The token is not for this server, has expired, or was revoked",
  insufficient_scope: "The token does not allow this",
  invalid_request: "Send the token once, in the Authorization header",
} as const;
