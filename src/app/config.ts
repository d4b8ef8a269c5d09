import { readFileSync } from "node:fs";
import { isIP } from "node:net";
import { dirname, resolve } from "node:path";

import type { SettingFlag } from "../cli/index.ts";
import { Failure, type LogLevel } from "../domain/index.ts";
import type { OAuthSettings } from "../oauth/index.ts";
import { oauthConfig } from "./oauth-config.ts";
import { oidcConfig, type OidcConfig } from "./oidc-config.ts";

/** Where each setting came from has been settled: flags before the environment before the file. */
export interface Settings {
  /** Folder of the data, absolute. */
  readonly data: string;
  readonly databaseUrl: string | null;
  readonly kekFile: string | null;
  readonly upstream: { readonly url: string; readonly isChosen: boolean };
  readonly listen: { readonly host: string; readonly port: number };
  readonly log: LogLevel | "silent";
  /** As people reach the server from elsewhere. */
  readonly publicUrl: URL | null;
  /** Addresses of proxies that may say who asks. */
  readonly trustedProxies: readonly string[];
  /** Who may read `/metrics`. */
  readonly metrics: "token" | "loopback";
  /** Whether anything may be changed at Anthropic. */
  readonly allowWrites: boolean;
  /** Requests a minute that one caller may make; null: as the server has it. */
  readonly rateLimit: number | null;
  /** Single sign-on. */
  readonly oidc: OidcConfig | null;
  /** Who gives out tokens for assistants at `/mcp`. */
  readonly oauth: OAuthSettings;
  /** What checkpoints of the ledger may reach. */
  readonly outside: OutsideSettings;
}

interface OutsideSettings {
  /** `host` or `host:port` in private networks, and of this machine, that may be asked. */
  readonly privateHosts: readonly string[];
  /** Folder that auditors read, absolute. */
  readonly copyFolder: string | null;
  /** Path of a sendmail program. */
  readonly sendmail: string;
}

interface Named {
  readonly flag: SettingFlag | null;
  readonly variable: string;
  readonly member: string;
}

const SETTINGS = {
  data: { flag: "data", variable: "BURSAR_DATA", member: "data" },
  databaseUrl: { flag: "databaseUrl", variable: "BURSAR_DATABASE_URL", member: "databaseUrl" },
  kekFile: { flag: "kekFile", variable: "BURSAR_KEK_FILE", member: "kekFile" },
  upstream: { flag: "upstream", variable: "BURSAR_UPSTREAM", member: "upstream" },
  listen: { flag: "listen", variable: "BURSAR_LISTEN", member: "listen" },
  log: { flag: null, variable: "BURSAR_LOG", member: "log" },
  publicUrl: { flag: null, variable: "BURSAR_PUBLIC_URL", member: "publicUrl" },
  trustedProxies: { flag: null, variable: "BURSAR_TRUSTED_PROXIES", member: "trustedProxies" },
  metrics: { flag: null, variable: "BURSAR_METRICS", member: "metrics" },
  allowWrites: { flag: null, variable: "BURSAR_ALLOW_WRITES", member: "allowWrites" },
  rateLimit: { flag: null, variable: "BURSAR_RATE_LIMIT", member: "rateLimit" },
  oidcIssuer: { flag: null, variable: "BURSAR_OIDC_ISSUER", member: "oidcIssuer" },
  oidcClientId: { flag: null, variable: "BURSAR_OIDC_CLIENT_ID", member: "oidcClientId" },
  oidcClientSecretFile: {
    flag: null,
    variable: "BURSAR_OIDC_CLIENT_SECRET_FILE",
    member: "oidcClientSecretFile",
  },
  oidcRoleClaim: { flag: null, variable: "BURSAR_OIDC_ROLE_CLAIM", member: "oidcRoleClaim" },
  oidcRoleMap: { flag: null, variable: "BURSAR_OIDC_ROLE_MAP", member: "oidcRoleMap" },
  oidcLabel: { flag: null, variable: "BURSAR_OIDC_LABEL", member: "oidcLabel" },
  oauthIssuer: { flag: null, variable: "BURSAR_OAUTH_ISSUER", member: "oauthIssuer" },
  oauthAudience: { flag: null, variable: "BURSAR_OAUTH_AUDIENCE", member: "oauthAudience" },
  oauthAccountClaim: { flag: null, variable: "BURSAR_OAUTH_ACCOUNT_CLAIM", member: "oauthAccountClaim" },
  oauthTenantClaim: { flag: null, variable: "BURSAR_OAUTH_TENANT_CLAIM", member: "oauthTenantClaim" },
  oauthRoleClaim: { flag: null, variable: "BURSAR_OAUTH_ROLE_CLAIM", member: "oauthRoleClaim" },
  oauthClientDocuments: {
    flag: null,
    variable: "BURSAR_OAUTH_CLIENT_DOCUMENTS",
    member: "oauthClientDocuments",
  },
  oauthRegistration: { flag: null, variable: "BURSAR_OAUTH_REGISTRATION", member: "oauthRegistration" },
  privateHosts: { flag: null, variable: "BURSAR_PRIVATE_HOSTS", member: "privateHosts" },
  checkpointCopies: { flag: null, variable: "BURSAR_CHECKPOINT_COPIES", member: "checkpointCopies" },
  sendmail: { flag: null, variable: "BURSAR_SENDMAIL", member: "sendmail" },
} as const satisfies Record<string, Named>;

const CONFIG_FILE = "bursar.config.json";
const ANTHROPIC = "https://api.anthropic.com";
const OF_THE_SERVER: readonly (keyof typeof SETTINGS)[] = [
  "listen",
  "log",
  "publicUrl",
  "trustedProxies",
  "metrics",
  "allowWrites",
  "rateLimit",
  "oauthClientDocuments",
  "oauthRegistration",
];
const LEVELS = ["silent", "error", "warn", "info", "debug", "trace"] as const;

export interface SettingSources {
  readonly flags: Readonly<Partial<Record<SettingFlag, string>>>;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly cwd: string;
  /** The environment and the file say nothing about data, keys and upstream. */
  readonly isolated?: boolean;
}

/**
 * Settles every setting.
 *
 * @throws Failure `app.config` naming the setting where it stands, as it is spelled there.
 */
export function readSettings({ flags, env, cwd, isolated = false }: SettingSources): Settings {
  const file = readConfigFile(flags.config, cwd);
  const find = (name: keyof typeof SETTINGS): Found | null => {
    const { flag, variable, member } = SETTINGS[name] as Named;
    const flagged = flag === null ? undefined : flags[flag];
    if (flagged !== undefined) return found(flagged, flagName(name), cwd);
    if (isolated && !OF_THE_SERVER.includes(name)) return null;
    // An empty variable is how containers say "not set".
    if (env[variable]) return found(env[variable], variable, cwd);
    const value = file.values[member];
    return value === undefined ? null : found(value, `${file.name}: ${member}`, dirname(file.path));
  };
  const path = (at: Found | null): string | null => (at === null ? null : resolve(at.base, at.value));
  return {
    data: path(find("data")) ?? resolve(cwd, "bursar-data"),
    databaseUrl: databaseUrl(find("databaseUrl")),
    kekFile: path(find("kekFile")),
    upstream: upstream(find("upstream")),
    listen: listen(find("listen")),
    log: logLevel(find("log")),
    publicUrl: publicUrl(find("publicUrl")),
    trustedProxies: trustedProxies(find("trustedProxies")),
    metrics: metricsAccess(find("metrics")),
    allowWrites: allowWrites(find("allowWrites")),
    rateLimit: rateLimit(find("rateLimit")),
    oidc: oidcConfig({
      issuer: find("oidcIssuer"),
      clientId: find("oidcClientId"),
      clientSecretFile: find("oidcClientSecretFile"),
      roleClaim: find("oidcRoleClaim"),
      roleMap: find("oidcRoleMap"),
      label: find("oidcLabel"),
    }),
    oauth: oauthConfig({
      issuer: find("oauthIssuer"),
      audience: find("oauthAudience"),
      accountClaim: find("oauthAccountClaim"),
      tenantClaim: find("oauthTenantClaim"),
      roleClaim: find("oauthRoleClaim"),
      roleMap: find("oidcRoleMap"),
      signInClientId: find("oidcClientId"),
      clientDocuments: find("oauthClientDocuments"),
      registration: find("oauthRegistration"),
    }),
    outside: {
      privateHosts: privateHosts(find("privateHosts")),
      copyFolder: path(find("checkpointCopies")),
      sendmail: path(find("sendmail")) ?? "/usr/sbin/sendmail",
    },
  };
}

interface Found {
  readonly value: string;
  readonly field: string;
  /** What a relative path starts from. */
  readonly base: string;
}

function found(value: string, field: string, base: string): Found {
  if (value.trim() === "") throw wrong(field, "is empty");
  if (value.includes("\0")) throw wrong(field, "holds a zero byte");
  return { value, field, base };
}

function databaseUrl(at: Found | null): string | null {
  // The value may hold a password, so it is never repeated.
  if (at !== null && !/^postgres(ql)?:\/\/[^\s]+$/.test(at.value)) throw wrong(at.field, "is no postgres:// address");
  return at?.value ?? null;
}

function upstream(at: Found | null): Settings["upstream"] {
  if (at === null) return { url: ANTHROPIC, isChosen: false };
  // What may be asked is judged by the source, where the key leaves; here only that it is an address.
  if (!URL.canParse(at.value)) throw wrong(at.field, "is no address, such as https://api.anthropic.com");
  return { url: at.value.replace(/\/+$/, ""), isChosen: true };
}

function listen(at: Found | null): Settings["listen"] {
  if (at === null) return { host: "127.0.0.1", port: 7878 };
  const [, host = "", port = ""] = /^(?:(\[[0-9a-fA-F:.]+\]|[A-Za-z0-9.-]+):)?(\d{1,5})$/.exec(at.value) ?? [];
  if (port === "" || Number(port) > 65_535) throw wrong(at.field, "is no HOST:PORT, such as 127.0.0.1:7878");
  return { host: host === "" ? "127.0.0.1" : host.replace(/^\[|\]$/g, ""), port: Number(port) };
}

function logLevel(at: Found | null): Settings["log"] {
  if (at === null) return "warn";
  const level = LEVELS.find((one) => one === at.value);
  if (level === undefined) throw wrong(at.field, `is none of ${LEVELS.join(", ")}`);
  return level;
}

function publicUrl(at: Found | null): URL | null {
  if (at === null) return null;
  const url = URL.canParse(at.value) ? new URL(at.value) : null;
  if (
    url === null ||
    !/^https?:$/.test(url.protocol) ||
    url.pathname !== "/" ||
    url.search !== "" ||
    url.username !== ""
  )
    throw wrong(at.field, "is no address without a path, such as https://bursar.example.com");
  return url;
}

function privateHosts(at: Found | null): readonly string[] {
  const hosts = (at?.value ?? "").split(",").flatMap((one) => (one.trim() === "" ? [] : [one.trim().toLowerCase()]));
  if (at !== null && !hosts.every((host) => /^(?:[a-z0-9.-]+|\[[0-9a-f:.]+\])(?::\d{1,5})?$/.test(host)))
    throw wrong(at.field, "is no list of hosts, such as stamps.intern,10.0.0.7:3000");
  return hosts;
}

function trustedProxies(at: Found | null): readonly string[] {
  const addresses = (at?.value ?? "").split(",").flatMap((one) => (one.trim() === "" ? [] : [one.trim()]));
  const wrongOne = addresses.find((address) => isIP(address) === 0);
  if (at !== null && wrongOne !== undefined)
    throw wrong(at.field, "is no list of addresses, such as 10.0.0.2,10.0.0.3");
  return addresses;
}

function metricsAccess(at: Found | null): Settings["metrics"] {
  if (at === null || at.value === "token") return "token";
  if (at.value === "loopback") return "loopback";
  throw wrong(at.field, "is neither token nor loopback");
}

function allowWrites(at: Found | null): boolean {
  if (at === null || at.value === "0") return false;
  // One spelling: what switches this on should have been meant.
  if (at.value !== "1") throw wrong(at.field, "is neither 1 nor 0");
  return true;
}

function rateLimit(at: Found | null): number | null {
  if (at === null) return null;
  if (!/^[1-9]\d{0,8}$/.test(at.value)) throw wrong(at.field, "is no number of requests a minute, such as 600");
  return Number(at.value);
}

interface ConfigFile {
  readonly name: string;
  readonly path: string;
  readonly values: Readonly<Record<string, string>>;
}

function readConfigFile(named: string | undefined, cwd: string): ConfigFile {
  const path = resolve(cwd, named ?? CONFIG_FILE);
  const name = named ?? CONFIG_FILE;
  let text: string;
  try {
    text = readFileSync(path, "utf8");
  } catch (cause) {
    const code = cause instanceof Error && "code" in cause ? String(cause.code) : "unreadable";
    if (named === undefined && code === "ENOENT") return { name, path, values: {} };
    const problem = `${name} cannot be read (${REASONS[code] ?? code})`;
    throw wrong(named === undefined ? CONFIG_FILE : "--config", problem, cause);
  }
  let value: unknown;
  try {
    value = JSON.parse(text.replace(/^\uFEFF/, ""));
  } catch (cause) {
    throw wrong(name, "is not JSON", cause);
  }
  if (typeof value !== "object" || value === null || Array.isArray(value)) throw wrong(name, "is no JSON object");
  const members: string[] = Object.values(SETTINGS).map(({ member }) => member);
  const values: Record<string, string> = {};
  for (const [member, setting] of Object.entries(value)) {
    if (!members.includes(member))
      throw wrong(`${name}: ${member.slice(0, 40)}`, `is unknown; known are ${members.join(", ")}`);
    if (typeof setting !== "string") throw wrong(`${name}: ${member}`, "should be a text");
    values[member] = setting;
  }
  return { name, path, values };
}

const REASONS: Readonly<Record<string, string>> = {
  ENOENT: "there is no such file",
  EISDIR: "it is a folder",
  EACCES: "this user may not read it",
};

function flagName(name: string): string {
  return `--${name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;
}

function wrong(field: string, problem: string, cause?: unknown): Failure {
  return new Failure("app.config", { field, problem }, cause === undefined ? undefined : { cause });
}
