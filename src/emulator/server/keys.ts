import { createHash } from "node:crypto";
import { Problem } from "./problem.ts";

/** The keys an emulator accepts or refuses by default. All contain `TEST`, so no real key can be mistaken for one. */
export interface EmulatorKeys {
  /** Reaches everything of a Console organization except service accounts and federation. */
  readonly admin: string;
  /** A second Admin key of the same organization, for replacing the first. */
  readonly replacement: string;
  /** `sk-ant-api01-…` with `read:analytics` only. */
  readonly analytics: string;
  /** `sk-ant-api03-…` bound to a workspace: refused with 401. */
  readonly ordinary: string;
  /** `sk-ant-api03-…` of an administrator, not bound to a workspace: accepted like an Admin key. */
  readonly personal: string;
  readonly revoked: string;
  readonly expired: string;
  /** An Admin key of another, empty organization. */
  readonly otherOrganization: string;
}

/** The keys of the emulator whose world has this seed. */
export function emulatorKeys(seed: number): EmulatorKeys {
  const suffix = (kind: string): string =>
    createHash("sha256").update(`bursar emulator key/${seed}/${kind}`).digest("hex").slice(0, 40);
  const key = (prefix: string, kind: string): string => `${prefix}-TEST-${kind}-${suffix(kind)}`;
  return {
    admin: `sk-ant-admin01-TEST-${suffix("admin")}`,
    replacement: key("sk-ant-admin01", "replacement"),
    analytics: key("sk-ant-api01", "analytics"),
    ordinary: key("sk-ant-api03", "ordinary"),
    personal: key("sk-ant-api03", "personal"),
    revoked: key("sk-ant-admin01", "revoked"),
    expired: key("sk-ant-admin01", "expired"),
    otherOrganization: key("sk-ant-admin01", "other"),
  };
}

export type KeyKind = "admin" | "analytics";

export interface Credential {
  readonly kind: KeyKind;
  readonly organization: "own" | "other";
}

/**
 * The key that a request carries: in `x-api-key` as documented, or as a bearer token, which is how the official SDK
 * 1.11 sends its `apiKey`.
 */
export function presentedKey(headers: Readonly<Record<string, string>>): string | undefined {
  return headers["x-api-key"] ?? /^Bearer (.+)$/i.exec(headers["authorization"] ?? "")?.[1];
}

/** First eight hexadecimal digits of the key's SHA-256: enough to tell keys apart in a log, useless to call with. */
export function keyFingerprint(key: string | undefined): string | null {
  return key === undefined ? null : createHash("sha256").update(key).digest("hex").slice(0, 8);
}

/** Knows which keys are good now. */
export class KeyRing {
  readonly #good: Map<string, Credential>;
  readonly #dead: Set<string>;

  constructor(keys: EmulatorKeys) {
    for (const key of Object.values(keys)) {
      if (!key.includes("TEST")) throw new RangeError("keys: an emulator key must contain TEST");
    }
    this.#good = new Map<string, Credential>([
      [keys.admin, { kind: "admin", organization: "own" }],
      [keys.replacement, { kind: "admin", organization: "own" }],
      [keys.personal, { kind: "admin", organization: "own" }],
      [keys.analytics, { kind: "analytics", organization: "own" }],
      [keys.otherOrganization, { kind: "admin", organization: "other" }],
    ]);
    this.#dead = new Set([keys.ordinary, keys.revoked, keys.expired]);
  }

  revoke(key: string): void {
    this.#dead.add(key);
  }

  restore(key: string): void {
    this.#dead.delete(key);
  }

  /**
   * The credential behind a key.
   *
   * @throws Problem 401 for every key that the service would not accept, in one wording: the service does not tell a
   * revoked key from an unknown one.
   */
  authenticate(key: string | undefined): Credential {
    if (key === undefined || key === "") throw new Problem(401, "x-api-key header is required");
    if (!key.includes("TEST")) {
      throw new Problem(401, "invalid x-api-key (this is an emulator: it takes only keys that contain TEST)");
    }
    const credential = this.#dead.has(key) ? undefined : this.#good.get(key);
    if (credential === undefined) throw new Problem(401, "invalid x-api-key");
    return credential;
  }
}
