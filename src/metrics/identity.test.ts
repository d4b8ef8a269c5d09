import { describe, expect, it } from "vitest";

import type { ActorOwnerRow, PersonRow } from "../store/index.ts";
import { identities, identityLabel } from "./identity.ts";

function person(personId: string, emails: readonly string[], team: string | null = null): PersonRow {
  const nothing = { costCentre: null, manager: null, startsOn: null, endsOn: null };
  return { personId, name: personId, emails, team, inRoster: true, ...nothing };
}

const owners: ActorOwnerRow[] = [
  { actor: "key:anns-laptop", kind: "person", personId: "p_ann", service: null },
  { actor: "key:ci", kind: "service", personId: null, service: "build farm" },
  { actor: "apikey_1", kind: "service", personId: null, service: "batch" },
  { actor: "apikey_2", kind: "person", personId: "p_ann", service: null },
  { actor: "key:chosen", kind: "service", personId: null, service: "chosen" },
  { actor: "key:left", kind: "person", personId: "p_gone", service: null },
];

const who = identities({
  people: [person("p_ann", ["ann@x.io", "Ann.Smith@x.io"], "core")],
  owners,
  users: new Map([["user_1", "ANN@x.io"]]),
  keyNames: new Map([
    ["apikey_1", "unique"],
    ["apikey_2", "twice"],
    ["apikey_3", "twice"],
    ["apikey_4", "chosen"],
    ["apikey_5", "chosen"],
    ["apikey_6", "ci"],
  ]),
  defaultWorkspaces: new Set(),
});

const ANN = { population: "humans", person: "ann@x.io" };

describe("an actor of Claude Code", () => {
  it.each([
    ["user:ann@x.io", ANN],
    ["user:ANN@X.IO ", ANN],
    ["user:ann.smith@X.io", ANN],
    ["user:ann+test@x.io", { population: "humans", person: "ann+test@x.io" }],
    ["user:a.nn@x.io", { population: "humans", person: "a.nn@x.io" }],
    ["user:stranger@y.io", { population: "humans", person: "stranger@y.io" }],
    ["key:anns-laptop", ANN],
    ["key:ci", { population: "service", service: "build farm" }],
    ["key:nobodys", { population: "unmapped", label: "key: nobodys" }],
    // The owner was set on the id of the only key of that name.
    ["key:unique", { population: "service", service: "batch" }],
    // Two keys hold the name and the owner was set on one of them: nobody can tell which one it was.
    ["key:twice", { population: "unmapped", label: "key: twice" }],
    ["key:chosen", { population: "service", service: "chosen" }],
    ["key:left", { population: "unmapped", label: "key: left" }],
    ["svac:robot", { population: "service", service: "svac:robot" }],
    ["future_actor:x", { population: "unmapped", label: "future_actor:x" }],
  ])("%s is %j", (actor, identity) => {
    expect(who.ofActor(actor)).toEqual(identity);
  });

  it("shows an unmapped key under its name", () => {
    expect(identityLabel(who.ofActor("key:nobodys"))).toBe("key: nobodys");
  });
});

describe("an actor of the other reports", () => {
  it.each([
    [["user:user_1", "ann@x.io"], ANN],
    [["user:user_1", null], ANN],
    [["user:user_9", null], { population: "humans", person: "user_9" }],
    [["key:apikey_1", null], { population: "service", service: "batch" }],
    [["key:apikey_2", null], ANN],
    [["key:apikey_6", null], { population: "service", service: "build farm" }],
    [["svac:s1", null], { population: "service", service: "svac:s1" }],
    [["federated:sub (aws)", null], { population: "unmapped", label: "federated:sub (aws)" }],
    [[null, null], null],
  ] as const)("%j of the analytics is %j", ([actor, email], identity) => {
    expect(who.ofAnalyticsActor(actor, email)).toEqual(identity);
  });

  it.each([
    [["user_1", null], ANN],
    [["user_8", null], { population: "humans", person: "user_8" }],
    [[null, "svac_1"], { population: "service", service: "svac:svac_1" }],
    [[null, null], { population: "unmapped", label: "API keys" }],
  ] as const)("account %j of the messages report is %j", ([account, service], identity) => {
    expect(who.ofAccount(account, service)).toEqual(identity);
  });

  it("has the team of its person", () => {
    expect(who.teamOf("ann@x.io", null)).toBe("core");
    expect(who.teamOf("stranger@y.io", null)).toBeNull();
  });
});
