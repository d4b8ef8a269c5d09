import fc from "fast-check";
import { describe, expect, it } from "vitest";

import type { AnchorPost } from "../anchors/index.ts";
import type { AnchorRow } from "../store/index.ts";
import { planAnchors, retryAt } from "./anchor-plan.ts";

const HOUR = 3_600_000;
const never = () => Promise.reject(new Error("nothing is asked while planning"));
const post = (kind: AnchorPost["kind"]): AnchorPost => ({
  kind,
  target: kind,
  hand: never,
  ...(kind === "ots" ? { isOpen: (state) => state === "pending", goOn: never } : {}),
});
const row = (
  kind: AnchorPost["kind"],
  state: AnchorRow["state"],
  size: number,
  change: Partial<AnchorRow> = {},
): AnchorRow => ({
  origin: "ledger.example/test",
  size,
  kind,
  target: kind,
  state,
  checkpoint: "note",
  proof: state === "waiting" ? null : Buffer.from("proof"),
  facts: "{}",
  sinceMs: 0,
  handedMs: state === "waiting" ? null : 0,
  tries: 0,
  dueMs: 0,
  problemCode: null,
  problem: null,
  leafIndex: null,
  ...change,
});
const plan = (kind: AnchorPost["kind"], rows: readonly AnchorRow[], size: number, nowMs = 0, isAsked = false) =>
  planAnchors([post(kind)], rows, size, { nowMs, everyMs: 24 * HOUR, isAsked }).map(({ what, row: of }) => [
    what,
    of?.size ?? null,
  ]);

describe("what is due", () => {
  it("begins with the present checkpoint", () => {
    expect(plan("rfc3161", [], 5)).toEqual([["hand", null]]);
  });

  it("is nothing while the present checkpoint is the one that was handed over", () => {
    for (const kind of ["witness", "rfc3161", "copy"] as const) {
      expect(plan(kind, [row(kind, "copied", 5)], 5, 99 * HOUR, true)).toEqual([]);
    }
  });

  it("is every checkpoint for a witness, and one a day for the others unless somebody asks", () => {
    expect(plan("witness", [row("witness", "cosigned", 5)], 6)).toEqual([["hand", null]]);
    expect(plan("rfc3161", [row("rfc3161", "stamped", 5)], 6, 24 * HOUR - 1)).toEqual([]);
    expect(plan("rfc3161", [row("rfc3161", "stamped", 5)], 6, 24 * HOUR)).toEqual([["hand", null]]);
    expect(plan("rfc3161", [row("rfc3161", "stamped", 5)], 6, 1, true)).toEqual([["hand", null]]);
  });

  it("waits after a failure, and is the newest checkpoint in place of the one that waits", () => {
    const waiting = row("rfc3161", "waiting", 5, { dueMs: 100 });
    expect(plan("rfc3161", [waiting], 9, 99)).toEqual([]);
    expect(plan("rfc3161", [waiting], 9, 100)).toEqual([["hand", 5]]);
    expect(plan("rfc3161", [waiting, row("rfc3161", "stamped", 4)], 9, 100)).toEqual([["hand", 5]]);
  });

  it("is asking after what is pending, beside handing over what is new", () => {
    const pending = row("ots", "pending", 5, { dueMs: HOUR });
    expect(plan("ots", [pending], 6, HOUR - 1)).toEqual([]);
    expect(plan("ots", [pending], 6, HOUR)).toEqual([["go on", 5]]);
    expect(plan("ots", [pending], 6, 24 * HOUR)).toEqual([
      ["go on", 5],
      ["hand", null],
    ]);
    expect(plan("ots", [row("ots", "confirmed", 5)], 6, HOUR)).toEqual([]);
  });

  it("is of its own service alone", () => {
    expect(plan("witness", [row("rfc3161", "stamped", 9)], 9)).toEqual([["hand", null]]);
  });
});

it("asks again after a minute, then ever later, at most six hours", () => {
  expect([1, 2, 3, 4].map((tries) => retryAt(0, tries) / 60_000)).toEqual([1, 2, 4, 8]);
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 1_000 }), (tries) => {
      expect(retryAt(0, tries + 1)).toBeGreaterThanOrEqual(retryAt(0, tries));
      expect(retryAt(0, tries)).toBeLessThanOrEqual(6 * HOUR);
    }),
  );
});
