export { createAuth } from "./auth/create-auth.ts";
export type { OidcSettings } from "./auth/oidc-settings.ts";
export { clientAddress } from "./client-address.ts";
export { createApi } from "./create-api.ts";
export type { ApiContext, ApiEnv } from "./env.ts";
export type { Mount, MountServices } from "./mount.ts";
export type { ApiParts, Readiness } from "./parts.ts";
export { LIMITS, type Limits, type ServerSettings } from "./server-settings.ts";
