import type {
  OAuthClientInformationMixed,
  OAuthClientProvider,
  OAuthDiscoveryState,
  OAuthTokens,
} from "@modelcontextprotocol/client";

export interface MemoryClient extends OAuthClientProvider {
  readonly redirectUrl: string;
  /** What the client keeps, and where it sent its person. */
  readonly known: {
    client?: OAuthClientInformationMixed;
    tokens?: OAuthTokens;
    verifier?: string;
    sentTo?: URL;
    discovered?: OAuthDiscoveryState;
  };
}

/** The official client's memory, with a browser that only notes where it was sent. */
export function memoryClient({ document }: { readonly document?: string } = {}): MemoryClient {
  const redirectUrl = "http://127.0.0.1:49152/callback";
  const known: MemoryClient["known"] = {};
  return {
    redirectUrl,
    known,
    ...(document === undefined ? {} : { clientMetadataUrl: document }),
    clientMetadata: {
      client_name: "A test client",
      redirect_uris: [redirectUrl],
      grant_types: ["authorization_code", "refresh_token"],
      response_types: ["code"],
      token_endpoint_auth_method: "none",
    },
    state: () => "a state of this test",
    clientInformation: () => known.client,
    saveClientInformation: (client) => void (known.client = client),
    tokens: () => known.tokens,
    saveTokens: (tokens) => void (known.tokens = tokens),
    redirectToAuthorization: (address) => void (known.sentTo = address),
    saveCodeVerifier: (verifier) => void (known.verifier = verifier),
    saveDiscoveryState: (discovered) => void (known.discovered = discovered),
    discoveryState: () => known.discovered,
    codeVerifier: () => known.verifier ?? "",
  };
}
