import { describe, expect, it } from "vitest";

import type { Json } from "../domain/index.ts";
import type { ConnectionRow, StreamStateRow } from "../store/index.ts";
import { provedStreams } from "./proved-streams.ts";

const line = (stream: string, outcome: string) => ({ stream, outcome, reason: null });

function row(capabilities: Json): ConnectionRow {
  return {
    connectionId: 1,
    name: "anthropic",
    kind: "admin",
    organizationId: "org",
    organizationName: "Org",
    upstream: "https://api.example",
    state: "active",
    fingerprint: null,
    last4: null,
    backfillFrom: null,
    capabilities,
    createdAt: 0,
    rotatedAt: null,
    lastUsedAt: null,
  };
}

function state(stream: string, told: StreamStateRow["state"], connectionId = 1): StreamStateRow {
  return {
    organizationId: "org",
    stream,
    connectionId,
    state: told,
    failureCode: null,
    message: null,
    hint: null,
    requestId: null,
    lastTriedMs: 1,
    lastSucceededMs: null,
  };
}

describe("streams that a key is known to read", () => {
  const looked = { lines: [line("users", "reachable"), line("cost_report", "reachable"), line("invites", "refused")] };

  it("are those that answered when it was looked at", () => {
    expect([...provedStreams(row(looked), [])]).toEqual(["users", "cost_report"]);
  });

  it("are told by the last run where there was one", () => {
    const states = [state("users", "failed"), state("invites", "ok"), state("workspaces", "partial")];
    expect([...provedStreams(row(looked), states)]).toEqual(["invites", "workspaces", "cost_report"]);
  });

  it("are not those that another key reads", () => {
    expect([...provedStreams(row({}), [state("users", "ok", 2)])]).toEqual([]);
  });

  it.each([{}, null, { lines: "x" }, { lines: [null, 1, { stream: 2, outcome: "reachable" }, { stream: "users" }] }])(
    "are none where nothing readable was kept: %j",
    (capabilities) => expect([...provedStreams(row(capabilities), [])]).toEqual([]),
  );
});
