import type { Permission } from "../client/index.ts";

/** What an assistant asks for. `GET /oauth/interactions/UID`. */
export interface AssistantRequest {
  readonly client: {
    readonly id: string;
    /** What it calls itself; null when it has no name. */
    readonly name: string | null;
    /** Host of the document that describes it; null when it only said so itself. */
    readonly knownFrom: string | null;
  };
  readonly sendsBackTo: { readonly host: string; readonly isThisMachine: boolean };
  /** Who would allow it. */
  readonly person: string;
  readonly asked: readonly Permission[];
  /** Where it could come in, and with which of what it asks for. */
  readonly tenants: readonly { readonly name: string; readonly scopes: readonly Permission[] }[];
  readonly expiresAt: string;
}

/** What is allowed unless somebody unticks it: not to see individuals, and not to change anything. */
export function offeredAtFirst(scopes: readonly Permission[]): readonly Permission[] {
  return scopes.filter((scope) => scope !== "people" && scope !== "manage");
}

/** Why a request came to nothing before anybody could be asked, by the code of the protocol. */
export const TROUBLES: Readonly<Record<string, string>> = {
  invalid_client:
    "This Bursar does not know the assistant that sent you here, or could not read the page that describes it. Without a way to the internet, whoever runs it turns such pages off (BURSAR_OAUTH_CLIENT_DOCUMENTS=off); then forget this server in the assistant, and add it again.",
  invalid_redirect_uri: "The assistant wanted you to be sent back to a place that it had not named before.",
  invalid_request: "The assistant's request lacks something, or the question was answered already.",
  access_denied: "It was not allowed.",
};
