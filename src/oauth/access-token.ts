import type { JWTPayload } from "jose";
import { z } from "zod";

import type { ShownGrant } from "../access/index.ts";
import type { Clock } from "../domain/index.ts";
import type { ServerKeys } from "./server-keys.ts";

/** How long an access token lasts. Whether it holds is looked up with every call, so that nothing outlives its grant. */
export const ACCESS_TOKEN_SECONDS = 3_600;

/** Clocks of one machine: a second of rounding. */
const TOLERANCE_SECONDS = 1;

/** What our own access tokens say besides what every one says (RFC 9068). */
export interface TokenClaims {
  readonly grant: string;
  readonly tenant: string;
}

const claims = z.object({
  sub: z.string(),
  client_id: z.string(),
  scope: z.string().default(""),
  grant: z.string(),
  tenant: z.string(),
});

export interface ExpectedToken {
  readonly issuer: string;
  readonly audience: string;
}

/**
 * What an access token of our own says: signed by us, for this resource, and still good by the clock.
 *
 * @returns null for any other, whatever is wrong with it
 */
export async function readAccessToken(
  text: string,
  keys: Pick<ServerKeys, "kid" | "verifying">,
  { issuer, audience }: ExpectedToken,
  clock: Pick<Clock, "now">,
): Promise<ShownGrant | null> {
  const { jwtVerify } = await import("jose");
  let payload: JWTPayload;
  try {
    ({ payload } = await jwtVerify(text, keys.verifying, {
      algorithms: ["ES256"],
      typ: "at+jwt",
      issuer,
      audience,
      requiredClaims: ["exp", "sub", "client_id", "grant", "tenant"],
      currentDate: new Date(clock.now()),
      clockTolerance: TOLERANCE_SECONDS,
    }));
  } catch {
    return null;
  }
  // One audience and no other: a token that is for others too may have been shown to them.
  if (payload.aud !== audience) return null;
  const read = claims.safeParse(payload);
  if (!read.success) return null;
  const { sub, client_id: clientId, scope, grant, tenant } = read.data;
  return { grantId: grant, accountId: sub, clientId, tenant, scopes: scope.split(" ") };
}

/** Three parts of base64url: a JWT, and never one of our API tokens. */
export function looksSigned(text: string): boolean {
  return /^[\w-]+\.[\w-]+\.[\w-]*$/.test(text);
}
