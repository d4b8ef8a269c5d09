import { createHash, randomBytes } from "node:crypto";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

import { outboundHere, startService, type Service } from "../../test/support/outside.ts";
import {
  openTimeStampAuthority,
  opensslMissing,
  type TimeStampAuthority,
} from "../../test/support/time-stamp-authority.ts";
import { isFailure, type Random } from "../domain/index.ts";
import { parseCertificates, timeStampRequest } from "../ledger/index.ts";
import { timeStampAuthority } from "./time-stamp-authority.ts";
import type { Frozen } from "./way.ts";

const missing = opensslMissing();
if (missing !== null) console.warn(`time stamp authority: skipped, ${missing}`);

const note = "ledger.example/test-org\n1\nAAAA\n";
const digest = createHash("sha256").update(note).digest();
const frozen: Frozen = { origin: "ledger.example/test-org", size: 1, note, digest };
const random: Random = { bytes: (count) => randomBytes(count), fraction: () => 0.5 };

describe.skipIf(missing !== null)("a time stamp authority (openssl ts)", () => {
  const [outbound, patient] = [outboundHere(400), outboundHere()];
  let dir = "";
  let authority: TimeStampAuthority;
  let other: TimeStampAuthority;
  let service: Service;

  beforeAll(async () => {
    dir = await mkdtemp(join(tmpdir(), "bursar-tsa-"));
    [authority, other] = await Promise.all([
      openTimeStampAuthority(join(dir, "one")),
      openTimeStampAuthority(join(dir, "other")),
    ]);
    service = await startService(() => ({ status: 500 }));
  });
  afterAll(async () => {
    await service.close();
    await Promise.all([outbound.close(), patient.close()]);
    await rm(dir, { recursive: true, force: true });
  });

  const hand = (trusted: string | null = authority.ca) =>
    timeStampAuthority(patient, random, {
      url: new URL("/tsr?policy=1", service.url),
      trusted: trusted === null ? null : parseCertificates(trusted),
    }).hand(frozen, undefined as never);

  it("stamps the digest; the answer is kept verbatim and openssl verifies it", async () => {
    let given: Buffer | undefined;
    service.answer = async ({ body }) => ({ body: (given = await authority.answer(body)) });
    const handed = await hand();
    expect(handed).toMatchObject({ state: "stamped", proof: given, facts: { by: service.url.host, trusted: true } });
    expect(await authority.check(note, handed.proof!)).toContain("Verification: OK");
    const [asked] = service.asked;
    expect(asked).toMatchObject({ method: "POST", path: "/tsr?policy=1" });
    expect(asked?.headers["content-type"]).toBe("application/timestamp-query");
    expect(asked?.body).toHaveLength(69);
    expect(asked?.body.includes(digest)).toBe(true);
  });

  it("is believed without certificates to compare with, and that is told", async () => {
    service.answer = async ({ body }) => ({ body: await authority.answer(body) });
    expect((await hand(null)).facts).toMatchObject({ trusted: false, certificate: "Test authority" });
  });

  // F84: every way in which it can misbehave.
  it.each<[string, string, () => Promise<Service["answer"]>]>([
    ["500", "anchor.unreachable", async () => () => ({ status: 500 })],
    ["a redirect", "anchor.unreachable", async () => () => ({ status: 302, headers: { location: "/x" } })],
    ["silence", "anchor.unreachable", async () => () => "hang"],
    ["half an answer", "anchor.unreachable", async () => () => "cut"],
    ["a huge body", "anchor.unreachable", async () => () => ({ body: Buffer.alloc(300_000) })],
    ["garbage", "anchor.unusable", async () => () => ({ body: "<html>" })],
    ["nothing", "anchor.unusable", async () => () => ({})],
    ["a refusal", "anchor.unusable", async () => () => ({ body: Buffer.from("3009300702010203020780", "hex") })],
    [
      "a token for other data",
      "anchor.unusable",
      async () => {
        const { request } = timeStampRequest(Buffer.alloc(32, 1), randomBytes(8));
        const body = await authority.answer(request);
        return () => ({ body });
      },
    ],
    [
      "a token with the nonce of an earlier request",
      "anchor.unusable",
      async () => {
        const body = await authority.answer(timeStampRequest(digest, randomBytes(8)).request);
        return () => ({ body });
      },
    ],
    [
      "a token of another authority",
      "anchor.unusable",
      async () =>
        async ({ body }) => ({ body: await other.answer(body) }),
    ],
    [
      "a token that was altered",
      "anchor.unusable",
      async () =>
        async ({ body }) => {
          const answer = await authority.answer(body);
          answer[answer.length - 5]! ^= 1;
          return { body: answer };
        },
    ],
    [
      "a token that is cut",
      "anchor.unusable",
      async () =>
        async ({ body }) => ({ body: (await authority.answer(body)).subarray(0, -10) }),
    ],
  ])("keeps nothing of %s", async (_, code, prepare) => {
    service.answer = await prepare();
    const impatient = timeStampAuthority(outbound, random, {
      url: service.url,
      trusted: parseCertificates(authority.ca),
    });
    const way = code === "anchor.unreachable" ? impatient.hand(frozen, undefined as never) : hand();
    const thrown: unknown = await way.then(
      () => null,
      (error: unknown) => error,
    );
    expect(isFailure(thrown) && thrown.code).toBe(code);
  });
});
