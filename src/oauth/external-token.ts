import { createHash } from "node:crypto";

import type { JWTPayload, JWTVerifyGetKey } from "jose";

import { accountOfIdentity, callerOfAssistant, claimValues, type Identity, type Signed } from "../access/index.ts";
import { Failure, shown } from "../domain/index.ts";
import { leaveTrace } from "../operations/index.ts";
import { findAccountBySubject, membershipsOf, type AccountRow } from "../store/index.ts";
import type { AuthorizationParts, ExternalSettings } from "./parts.ts";

/** Signatures alone: what is signed with a shared secret could be made by whoever checks it. */
const ALGORITHMS = ["RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA"];
/** What the library says when the keys cannot be had; anything else is the token's own fault. */
const OF_THE_ISSUER: readonly string[] = ["ERR_JOSE_GENERIC", "ERR_JWKS_TIMEOUT", "ERR_JWKS_INVALID"];
const TOLERANCE_SECONDS = 30;
const TIMEOUT_MS = 5_000;
/** What the claim says of somebody is written down again after this time, or when it says something else. */
const KNOWN_FOR_MS = 300_000;
const MOST_KNOWN = 10_000;

export interface ExternalParts extends Omit<AuthorizationParts, "settings"> {
  readonly settings: ExternalSettings;
  readonly resource: () => string;
}

/** Access tokens of an authorization server that an operator named. */
export class ExternalTokens {
  readonly #parts: ExternalParts;
  /** By subject: what its newest token said, when that was made, and until when it need not be written down again. */
  readonly #known = new Map<string, { readonly said: string; readonly madeMs: number; readonly untilMs: number }>();
  #keys: Promise<JWTVerifyGetKey> | undefined;

  constructor(parts: ExternalParts) {
    this.#parts = parts;
  }

  /**
   * Who comes in with this token: the account of its issuer and subject, never of its e-mail.
   *
   * @returns null for a token that does not hold, is for somebody else, or whose person may not come in
   * @throws Failure `access.issuer_unreachable` when the issuer's keys cannot be read
   */
  async signed(text: string): Promise<Signed | null> {
    const payload = await this.#read(text);
    return payload === null ? null : this.#enter(payload);
  }

  async #read(text: string): Promise<JWTPayload | null> {
    const { settings, resource, clock } = this.#parts;
    const { errors, jwtVerify } = await import("jose");
    const keys = await this.#keysOf();
    const audience = settings.audience ?? resource();
    try {
      const { payload } = await jwtVerify(text, keys, {
        algorithms: ALGORITHMS,
        issuer: settings.issuer,
        audience,
        requiredClaims: ["exp", settings.accountClaim],
        currentDate: new Date(clock.now()),
        clockTolerance: TOLERANCE_SECONDS,
      });
      return payload;
    } catch (thrown) {
      if (thrown instanceof errors.JOSEError && !OF_THE_ISSUER.includes(thrown.code)) return null;
      throw this.#unreachable(thrown);
    }
  }

  async #enter(payload: JWTPayload): Promise<Signed | null> {
    const { settings, store } = this.#parts;
    const subject = textIn(payload, settings.accountClaim);
    if (subject === null) return null;
    const account = await this.#accountOf(payload, subject);
    if (account === null) return null;
    const memberships = (await store.read((tx) => membershipsOf(tx, account.accountId))).filter(
      ({ disabled }) => !disabled,
    );
    const named = settings.tenantClaim === null ? undefined : textIn(payload, settings.tenantClaim);
    const owner = named === undefined ? memberships[0] : memberships.find(({ tenant }) => tenant.name === named);
    if (owner === undefined) return null;
    const client = textIn(payload, "client_id") ?? textIn(payload, "azp") ?? "";
    const assistant = {
      id: `x_${createHash("sha256")
        .update(JSON.stringify([settings.issuer, subject, client]))
        .digest("hex")
        .slice(0, 12)}`,
      name: client === "" ? new URL(settings.issuer).host : shown(client, 80),
      scopes: scopesIn(payload),
    };
    const caller = callerOfAssistant(assistant, owner);
    return { kind: "grant", account, tenants: [{ ...owner.tenant, caller }], seenMs: null };
  }

  async #accountOf(payload: JWTPayload, subject: string): Promise<AccountRow | null> {
    const { settings, store, clock } = this.#parts;
    const { issuer, roleClaim, roleMap } = settings;
    const known = await store.read((tx) => findAccountBySubject(tx, issuer, subject));
    if (roleClaim === null) return known;
    const identity: Identity = {
      issuer,
      subject,
      // Access tokens seldom say who somebody is: then what the sign-in said stays.
      name: textIn(payload, "name") ?? known?.name ?? subject,
      email: textIn(payload, "email")?.toLowerCase() ?? known?.contact ?? null,
      isEmailVerified: payload["email_verified"] === true,
      roles: claimValues(payload, roleClaim),
    };
    const said = JSON.stringify([identity.name, identity.email, identity.roles]);
    const before = this.#known.get(subject);
    if (known !== null && before?.said === said && clock.now() < before.untilMs) return known;
    // An older token says what was true then: it does not undo what a newer one, or a sign-in, said since.
    const madeMs = (payload.iat ?? 0) * 1_000;
    if (known !== null && madeMs < Math.max(before?.madeMs ?? 0, secondOf(known.signedInMs ?? 0))) return known;
    const found = await store.write((tx) => accountOfIdentity(tx, this.#parts, roleMap, identity));
    if (found === null) return null;
    if (this.#known.size >= MOST_KNOWN) this.#known.clear();
    this.#known.set(subject, { said, madeMs, untilMs: clock.now() + KNOWN_FOR_MS });
    const event = found.isNew ? "account.made_by_sso" : "account.changed_by_sso";
    const { accountId } = found.account;
    for (const { tenant, role } of found.changed) {
      await leaveTrace(this.#parts, [tenant], accountId, { event, account: accountId, role });
    }
    return found.account;
  }

  #keysOf(): Promise<JWTVerifyGetKey> {
    this.#keys ??= this.#discover().catch((thrown: unknown) => {
      // Asked again with the next token.
      this.#keys = undefined;
      throw this.#unreachable(thrown);
    });
    return this.#keys;
  }

  /** Its metadata as OpenID Connect spells it, else as OAuth does. */
  async #discover(): Promise<JWTVerifyGetKey> {
    const { allowInsecureRequests, discovery, None } = await import("openid-client");
    const { createRemoteJWKSet } = await import("jose");
    const server = new URL(this.#parts.settings.issuer);
    // The settings allow plain http to this machine only.
    const execute = server.protocol === "http:" ? [allowInsecureRequests] : [];
    const found = await Promise.any(
      (["oidc", "oauth2"] as const).map((algorithm) =>
        discovery(server, "bursar", undefined, None(), { algorithm, execute, timeout: TIMEOUT_MS / 1_000 }),
      ),
    );
    const { jwks_uri: address } = found.serverMetadata();
    if (address === undefined) throw new Error("no jwks_uri");
    const keys = new URL(address);
    if (keys.protocol !== server.protocol && keys.protocol !== "https:")
      throw new Error("keys over a plain connection");
    return createRemoteJWKSet(keys, { timeoutDuration: TIMEOUT_MS });
  }

  #unreachable(cause: unknown): Failure {
    const { host } = new URL(this.#parts.settings.issuer);
    return new Failure("access.issuer_unreachable", { host }, { cause });
  }
}

/** A token says the second in which it was made. */
function secondOf(ms: number): number {
  return Math.floor(ms / 1_000) * 1_000;
}

function textIn(payload: JWTPayload, name: string): string | null {
  const [first] = claimValues(payload, name);
  return first === undefined || first.trim() === "" ? null : first.trim().slice(0, 320);
}

/** `scope` is a list in a text (RFC 9068); some spell it `scp`, as a text or a list. */
function scopesIn(payload: JWTPayload): readonly string[] {
  return ["scope", "scp"].flatMap((name) => claimValues(payload, name)).flatMap((text) => text.split(" "));
}
