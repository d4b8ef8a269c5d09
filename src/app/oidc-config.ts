import { readFileSync } from "node:fs";
import { resolve } from "node:path";

import type { RoleRule } from "../access/index.ts";
import type { OidcSettings } from "../api/index.ts";
import { DEFAULT_TENANT, Failure, isLoopback } from "../domain/index.ts";

/** A setting as it was found: its text, how it is spelled there, and what a relative path starts from. */
export interface Found {
  readonly value: string;
  readonly field: string;
  readonly base: string;
}

/** Single sign-on as it is configured; the secret is still in its file. */
export type OidcConfig = Omit<OidcSettings, "clientSecret"> & {
  readonly clientSecretFile: { readonly path: string; readonly field: string } | null;
};

export interface OidcSources {
  readonly issuer: Found | null;
  readonly clientId: Found | null;
  readonly clientSecretFile: Found | null;
  readonly roleClaim: Found | null;
  readonly roleMap: Found | null;
  readonly label: Found | null;
}

const ROLES = ["viewer", "analyst", "admin", "auditor"] as const;

/** Null unless an issuer is named. @throws Failure `app.config` */
export function oidcConfig(sources: OidcSources): OidcConfig | null {
  const { issuer, clientId, clientSecretFile: file, roleClaim, roleMap, label } = sources;
  if (issuer === null) return null;
  if (clientId === null) throw wrong(issuer.field, "needs a client id (BURSAR_OIDC_CLIENT_ID) beside it");
  if (roleMap === null) throw wrong(issuer.field, "needs roles (BURSAR_OIDC_ROLE_MAP) beside it: nobody could come in");
  return {
    issuer: issuerOf(issuer),
    clientId: clientId.value,
    clientSecretFile: file === null ? null : { path: resolve(file.base, file.value), field: file.field },
    roleClaim: roleClaim?.value ?? "groups",
    roleMap: rulesOf(roleMap),
    label: label?.value ?? `Sign in with ${new URL(issuer.value).hostname}`,
  };
}

/** Reads the secret, which only a server needs. @throws Failure `app.config` */
export function openOidc(config: OidcConfig | null): OidcSettings | null {
  if (config === null) return null;
  const { clientSecretFile: file, ...settings } = config;
  if (file === null) return { ...settings, clientSecret: null };
  let clientSecret: string;
  try {
    clientSecret = readFileSync(file.path, "utf8").trim();
  } catch (cause) {
    const code = cause instanceof Error && "code" in cause ? String(cause.code) : "unreadable";
    throw wrong(file.field, `${file.path} cannot be read (${code})`, cause);
  }
  if (clientSecret === "") throw wrong(file.field, `${file.path} is empty`);
  return { ...settings, clientSecret };
}

/** An https address, or one of this machine. @throws Failure `app.config` */
export function issuerOf({ value, field }: Found): string {
  const url = URL.canParse(value) ? new URL(value) : null;
  if (url?.protocol === "https:" || (url?.protocol === "http:" && isLoopback(url))) return value;
  throw wrong(field, "is no https address, such as https://login.example.com");
}

/** `{"platform-leads": "admin", "acme-staff": "viewer@acme"}` @throws Failure `app.config` */
export function rulesOf({ value, field }: Found): readonly RoleRule[] {
  const problem = `is no JSON object such as {"platform-leads":"admin","staff":"viewer@acme"}`;
  let map: unknown;
  try {
    map = JSON.parse(value);
  } catch (cause) {
    throw wrong(field, problem, cause);
  }
  if (typeof map !== "object" || map === null || Array.isArray(map)) throw wrong(field, problem);
  return Object.entries(map).map(([claimed, said]) => {
    const [named = "", tenant = DEFAULT_TENANT] = String(said).split("@");
    const role = ROLES.find((one) => one === named);
    if (role === undefined) throw wrong(field, `${claimed.slice(0, 60)}: the role is none of ${ROLES.join(", ")}`);
    return { value: claimed, role, tenant };
  });
}

export function wrong(field: string, problem: string, cause?: unknown): Failure {
  return new Failure("app.config", { field, problem }, cause === undefined ? undefined : { cause });
}
