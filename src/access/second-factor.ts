import { Failure, type Clock, type Random } from "../domain/index.ts";
import {
  deleteSecondFactor,
  insertRecoveryCodes,
  lockSecondFactor,
  putSecondFactor,
  takeRecoveryCode,
  type SecondFactorRow,
  type Tx,
  type WriteTx,
} from "../store/index.ts";
import { fullAfterOne, waitUntilOne, type RateRule } from "./rate-limit.ts";
import { hashOfOpaque } from "./secrets.ts";
import { base32, looksLikeTotp, newTotpSecret, stepOfCode, withoutBlanks } from "./totp.ts";

/** The sealed secrets of second factors: sealed when they are made, opened to compare a code, shown once. */
export interface FactorSafe {
  /** Seals a secret in the caller's transaction; an earlier one of the account is overwritten. @throws Failure `vault.locked` */
  put(tx: WriteTx, accountId: string, secret: Buffer): Promise<void>;
  /** The secret, for the caller to wipe; null when there is none. @throws Failure `vault.locked`, `vault.altered` */
  open(tx: Tx, accountId: string): Promise<Buffer | null>;
  /** Also while the vault is locked. */
  destroy(tx: WriteTx, accountId: string): Promise<void>;
}

export interface FactorParts {
  readonly clock: Pick<Clock, "now">;
  readonly safe: FactorSafe;
}

/** What became of a code that somebody typed. */
export type ShownCode =
  | { readonly kind: "right"; readonly way: "code" | "recovery_code" }
  | { readonly kind: "wrong" }
  | { readonly kind: "wait"; readonly waitMs: number };

/**
 * Five wrong codes at once, then one every five minutes: with the password known, one in a thousand that a day of
 * guessing finds one. Kept in the store, so that neither a restart nor another way in gives more.
 */
const TRIES: RateRule = { burst: 5, everyMs: 300_000 };

const RECOVERY_CODES = 10;
/** Above 112 bits a plain hash keeps a secret (ASVS 5.0, 6.5.2). */
const RECOVERY_BYTES = 15;

/**
 * Makes a secret, which counts once a code of it was shown. The caller wipes it.
 *
 * @returns null for an account that has a factor already
 * @throws Failure `vault.locked`
 */
export async function enrolFactor(
  tx: WriteTx,
  { clock, safe }: FactorParts,
  random: Random,
  accountId: string,
): Promise<Buffer | null> {
  const before = await lockSecondFactor(tx, accountId);
  if (before !== null && before.confirmedMs !== null) return null;
  const secret = newTotpSecret(random);
  await safe.put(tx, accountId, secret);
  const triesFullMs = before?.triesFullMs ?? 0;
  await putSecondFactor(tx, { accountId, createdMs: clock.now(), confirmedMs: null, usedStep: 0, triesFullMs });
  return secret;
}

/**
 * Makes the factor count, if this is a code of it.
 *
 * @returns besides, the recovery codes: they are kept as hashes, and so can be shown only now
 */
export async function confirmFactor(
  tx: WriteTx,
  parts: FactorParts,
  random: Random,
  accountId: string,
  typed: string,
): Promise<{ readonly shown: ShownCode; readonly recoveryCodes: readonly string[] }> {
  const factor = await lockSecondFactor(tx, accountId);
  if (factor === null || factor.confirmedMs !== null) return { shown: { kind: "wrong" }, recoveryCodes: [] };
  const shown = await tryCode(tx, parts, factor, typed, parts.clock.now());
  if (shown.kind !== "right") return { shown, recoveryCodes: [] };
  const recoveryCodes = Array.from({ length: RECOVERY_CODES }, () => newRecoveryCode(random));
  await insertRecoveryCodes(tx, accountId, recoveryCodes.map(hashOfRecoveryCode));
  return { shown, recoveryCodes };
}

/**
 * Looks whether this is a code of the account's factor, or one of its recovery codes; either works once. What it writes
 * must be committed whatever it finds: wrong ones are counted.
 *
 * @throws Failure `vault.locked` for a code of an app; a recovery code works all the same
 */
export async function showFactor(
  tx: WriteTx,
  parts: FactorParts,
  accountId: string,
  typed: string,
): Promise<ShownCode> {
  const factor = await lockSecondFactor(tx, accountId);
  if (factor === null || factor.confirmedMs === null) return { kind: "wrong" };
  return tryCode(tx, parts, factor, typed, factor.confirmedMs);
}

/** @returns whether there was one */
export async function forgetFactor(tx: WriteTx, safe: FactorSafe, accountId: string): Promise<boolean> {
  await safe.destroy(tx, accountId);
  return deleteSecondFactor(tx, accountId);
}

/** @throws Failure `access.code_refused`, `access.too_many_attempts` */
export function requireRightCode(shown: ShownCode): asserts shown is Extract<ShownCode, { kind: "right" }> {
  if (shown.kind === "wrong") throw new Failure("access.code_refused");
  if (shown.kind === "wait") {
    throw new Failure("access.too_many_attempts", { seconds: Math.ceil(shown.waitMs / 1_000) });
  }
}

async function tryCode(
  tx: WriteTx,
  { clock, safe }: FactorParts,
  factor: SecondFactorRow,
  typed: string,
  confirmedMs: number,
): Promise<ShownCode> {
  const { accountId, triesFullMs, usedStep } = factor;
  const now = clock.now();
  const waitMs = waitUntilOne(TRIES, triesFullMs, now);
  if (waitMs > 0) return { kind: "wait", waitMs };
  if (looksLikeTotp(typed)) {
    const secret = await safe.open(tx, accountId);
    const step = secret === null ? null : stepOfCode(secret, withoutBlanks(typed), now, usedStep);
    secret?.fill(0);
    if (step !== null) {
      await putSecondFactor(tx, { ...factor, confirmedMs, usedStep: step, triesFullMs: 0 });
      return { kind: "right", way: "code" };
    }
  } else if (await takeRecoveryCode(tx, accountId, hashOfRecoveryCode(typed), now)) {
    await putSecondFactor(tx, { ...factor, triesFullMs: 0 });
    return { kind: "right", way: "recovery_code" };
  }
  await putSecondFactor(tx, { ...factor, triesFullMs: fullAfterOne(TRIES, triesFullMs, now) });
  return { kind: "wrong" };
}

/** Six groups of four letters and digits. */
function newRecoveryCode(random: Random): string {
  return base32(random.bytes(RECOVERY_BYTES)).replaceAll(/.{4}(?=.)/g, "$&-");
}

function hashOfRecoveryCode(typed: string): Buffer {
  return hashOfOpaque(withoutBlanks(typed).toUpperCase());
}
