import assert from "node:assert/strict";

import { totpCode, totpStep } from "../../src/access/totp.ts";
import { catalog, runOperation, type OperationContext } from "../../src/operations/index.ts";

/** What an authenticator app does with the secret that was typed into it. */
export class AuthenticatorApp {
  readonly #secret: Buffer;

  /** @param secret base32 */
  constructor(secret: string) {
    assert.match(secret, /^[A-Z2-7]{32}$/);
    this.#secret = bytesOfBase32(secret);
  }

  codeAt(nowMs: number): string {
    return totpCode(this.#secret, totpStep(nowMs));
  }

  /** Six digits that are no code of these minutes. */
  wrongAt(nowMs: number): string {
    const right = new Set([-2, -1, 0, 1, 2].map((off) => this.codeAt(nowMs + off * 30_000)));
    return ["111111", "222222", "333333", "444444", "555555", "666666"].find((code) => !right.has(code))!;
  }
}

const ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";

export function bytesOfBase32(text: string): Buffer {
  const bits = Array.from(text, (letter) => ALPHABET.indexOf(letter).toString(2).padStart(5, "0")).join("");
  return Buffer.from(bits.match(/.{8}/g)!.map((byte) => Number.parseInt(byte, 2)));
}

/** Gives the caller a second factor, by its code of now. */
export async function giveSecondFactor(
  context: OperationContext,
  current?: string,
): Promise<{ readonly app: AuthenticatorApp; readonly secret: string; readonly recoveryCodes: readonly string[] }> {
  const enrolled = await runOperation(
    context,
    await catalog.enrolSecondFactor(),
    current === undefined ? {} : { current },
  );
  const app = new AuthenticatorApp(enrolled.secret);
  const order = { code: app.codeAt(context.clock.now()) };
  const { recoveryCodes } = await runOperation(context, await catalog.confirmSecondFactor(), order);
  return { app, secret: enrolled.secret, recoveryCodes };
}
