import type { RoleRule } from "../../access/index.ts";

/** Single sign-on through an organization's own identity provider. */
export interface OidcSettings {
  readonly issuer: string;
  readonly clientId: string;
  /** Null for a public client, which PKCE alone protects. */
  readonly clientSecret: string | null;
  /** Claim that says what somebody is in the organization: `groups`, for example. */
  readonly roleClaim: string;
  /** Values of the claim, and what they make of somebody. */
  readonly roleMap: readonly RoleRule[];
  /** What the button says. */
  readonly label: string;
}
