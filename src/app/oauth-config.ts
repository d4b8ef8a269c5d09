import type { OAuthSettings } from "../oauth/index.ts";
import { issuerOf, rulesOf, wrong, type Found } from "./oidc-config.ts";

export interface OAuthSources {
  readonly issuer: Found | null;
  readonly audience: Found | null;
  readonly accountClaim: Found | null;
  readonly tenantClaim: Found | null;
  readonly roleClaim: Found | null;
  /** Of single sign-on: what a role claim says means the same in both places. */
  readonly roleMap: Found | null;
  /** What single sign-on calls this server: its ID tokens are meant for that. */
  readonly signInClientId: Found | null;
  readonly clientDocuments: Found | null;
  readonly registration: Found | null;
}

/** Who gives out tokens for assistants: this server, unless another issuer is named. @throws Failure `app.config` */
export function oauthConfig(sources: OAuthSources): OAuthSettings {
  const { issuer, audience, accountClaim, tenantClaim, roleClaim, roleMap, signInClientId } = sources;
  if (issuer === null) {
    const ofIssuer = [audience, accountClaim, tenantClaim, roleClaim].find((one) => one !== null);
    if (ofIssuer) throw wrong(ofIssuer.field, "needs an issuer (BURSAR_OAUTH_ISSUER) beside it");
    return {
      kind: "built-in",
      documents: isOn(sources.clientDocuments),
      registration: isOn(sources.registration),
    };
  }
  if (audience !== null && audience.value === signInClientId?.value)
    throw wrong(audience.field, "is the client of the sign-in: its ID tokens would count as access tokens");
  if (roleClaim !== null && roleMap === null)
    throw wrong(roleClaim.field, "needs roles (BURSAR_OIDC_ROLE_MAP) beside it");
  return {
    kind: "external",
    issuer: issuerOf(issuer),
    audience: audience?.value ?? null,
    accountClaim: accountClaim?.value ?? "sub",
    tenantClaim: tenantClaim?.value ?? null,
    roleClaim: roleClaim?.value ?? null,
    roleMap: roleClaim === null || roleMap === null ? [] : rulesOf(roleMap),
  };
}

function isOn(at: Found | null): boolean {
  if (at === null || at.value === "on") return true;
  if (at.value === "off") return false;
  throw wrong(at.field, "is neither on nor off");
}
