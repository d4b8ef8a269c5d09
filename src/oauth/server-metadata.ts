import { ASSISTANT_SCOPES } from "../access/index.ts";
import type { BuiltInSettings } from "./parts.ts";
import { ROUTES } from "./open-provider.ts";

/** What the authorization server says about itself (RFC 8414, and the same as OpenID Connect spells it). */
export function serverMetadata(issuer: string, { documents, registration }: BuiltInSettings) {
  return {
    issuer,
    authorization_endpoint: `${issuer}${ROUTES.authorization}`,
    token_endpoint: `${issuer}${ROUTES.token}`,
    ...(registration ? { registration_endpoint: `${issuer}${ROUTES.registration}` } : {}),
    revocation_endpoint: `${issuer}${ROUTES.revocation}`,
    jwks_uri: `${issuer}${ROUTES.jwks}`,
    scopes_supported: ["offline_access", ...ASSISTANT_SCOPES],
    response_types_supported: ["code"],
    response_modes_supported: ["query"],
    grant_types_supported: ["authorization_code", "refresh_token"],
    token_endpoint_auth_methods_supported: ["none"],
    revocation_endpoint_auth_methods_supported: ["none"],
    code_challenge_methods_supported: ["S256"],
    authorization_response_iss_parameter_supported: true,
    ...(documents ? { client_id_metadata_document_supported: true } : {}),
    subject_types_supported: ["public"],
    id_token_signing_alg_values_supported: ["ES256"],
  };
}

/** What the protected resource says about itself (RFC 9728). */
export function resourceMetadata(resource: string, issuer: string) {
  return {
    resource,
    resource_name: "Bursar",
    authorization_servers: [issuer],
    scopes_supported: ASSISTANT_SCOPES,
    bearer_methods_supported: ["header"],
  };
}
