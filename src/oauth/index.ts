export type {
  Authorization,
  AuthorizationMount,
  AuthorizationParts,
  BuiltInSettings,
  ExternalSettings,
  FetchDocument,
  FetchedDocument,
  KeySafe,
  OAuthEnv,
  OAuthSettings,
  Refusal,
} from "./parts.ts";
export { createAuthorization } from "./create-authorization.ts";
