import { z } from "zod";

import { shown } from "../domain/index.ts";

const LOOPBACK: readonly string[] = ["localhost", "127.0.0.1", "[::1]"];
const GRANT_TYPES: readonly string[] = ["authorization_code", "refresh_token"];
const MOST_URIS = 20;
const LONGEST_URI = 2_000;
const LONGEST_NAME = 80;

const said = z.object({
  client_name: z.string().optional(),
  client_uri: z.string().optional(),
  redirect_uris: z.array(z.string().min(1).max(LONGEST_URI)).min(1).max(MOST_URIS),
  grant_types: z.array(z.string()).optional(),
  response_types: z.array(z.string()).optional(),
});

/** A client as the provider is told of it. */
export interface ClientMetadata {
  readonly client_name?: string;
  readonly redirect_uris: readonly string[];
  readonly grant_types: readonly string[];
  readonly response_types: readonly string[];
  readonly application_type: "web" | "native";
  readonly token_endpoint_auth_method: "none";
}

export type ReadClientMetadata =
  | { readonly metadata: ClientMetadata }
  | { readonly error: "invalid_redirect_uri" | "invalid_client_metadata"; readonly problem: string };

/**
 * What a client says about itself, as far as it is of any use here: a name and where it is sent back to. Everything else
 * is left out, keys and addresses that a server would go and read above all.
 *
 * Only public clients are known: what a program on somebody's machine calls its secret is none, and PKCE does its work.
 * They are sent back to https or to this machine, where a port of the moment's choice counts as the one that was named.
 */
export function readClientMetadata(value: unknown): ReadClientMetadata {
  const read = said.safeParse(value);
  if (!read.success) {
    const field = read.error.issues[0]?.path.join(".") || "body";
    const error = field.startsWith("redirect_uris") ? "invalid_redirect_uri" : "invalid_client_metadata";
    return { error, problem: `${field} is missing or of another form` };
  }
  // Whoever says nothing wants to stay connected: without refreshing, its person would be asked every hour.
  const { client_name: name, redirect_uris: uris, grant_types: grants = GRANT_TYPES } = read.data;
  const places = uris.map(placeOf);
  if (places.includes(null)) {
    return { error: "invalid_redirect_uri", problem: "redirect_uris are https, or http at a loopback address" };
  }
  const kept = GRANT_TYPES.filter((one) => grants.includes(one));
  if (!kept.includes("authorization_code") || read.data.response_types?.includes("code") === false) {
    return { error: "invalid_client_metadata", problem: "only the authorization code flow is known here" };
  }
  return {
    metadata: {
      ...(name === undefined || name.trim() === "" ? {} : { client_name: shown(name.trim(), LONGEST_NAME) }),
      redirect_uris: uris,
      grant_types: kept,
      response_types: ["code"],
      application_type: places.includes("loopback") ? "native" : "web",
      token_endpoint_auth_method: "none",
    },
  };
}

/** Where a redirect leads, or null for what may not be one. */
export function placeOf(address: string): "web" | "loopback" | null {
  const url = URL.parse(address);
  if (url === null || url.hash !== "" || url.username !== "" || url.password !== "") return null;
  const isHere = LOOPBACK.includes(url.hostname);
  if (url.protocol === "https:") return isHere ? null : "web";
  return url.protocol === "http:" && isHere ? "loopback" : null;
}
