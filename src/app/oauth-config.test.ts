import { expect, it } from "vitest";

import { readSettings } from "./config.ts";

const read = (env: Readonly<Record<string, string>>) => readSettings({ flags: {}, env, cwd: "/nowhere" }).oauth;

it("gives out tokens itself unless told, and can do without documents and registration", () => {
  expect(read({})).toEqual({ kind: "built-in", documents: true, registration: true });
  const off = { BURSAR_OAUTH_CLIENT_DOCUMENTS: "off", BURSAR_OAUTH_REGISTRATION: "off" };
  expect(read(off)).toEqual({ kind: "built-in", documents: false, registration: false });
});

it("leaves it to an issuer that is named, whose claims mean what they mean at sign-in", () => {
  expect(read({ BURSAR_OAUTH_ISSUER: "https://login.example.com" })).toEqual({
    kind: "external",
    issuer: "https://login.example.com",
    audience: null,
    accountClaim: "sub",
    tenantClaim: null,
    roleClaim: null,
    roleMap: [],
  });
  const all = {
    BURSAR_OAUTH_ISSUER: "https://login.example.com",
    BURSAR_OAUTH_AUDIENCE: "api://bursar",
    BURSAR_OAUTH_ACCOUNT_CLAIM: "oid",
    BURSAR_OAUTH_TENANT_CLAIM: "bursar_tenant",
    BURSAR_OAUTH_ROLE_CLAIM: "groups",
    BURSAR_OIDC_ROLE_MAP: '{"staff":"viewer@acme"}',
  };
  expect(read(all)).toMatchObject({
    audience: "api://bursar",
    accountClaim: "oid",
    tenantClaim: "bursar_tenant",
    roleMap: [{ value: "staff", role: "viewer", tenant: "acme" }],
  });
});

const ISSUER = { BURSAR_OAUTH_ISSUER: "https://login.example.com" };

it.each([
  ["an issuer over a plain connection", { BURSAR_OAUTH_ISSUER: "http://login.example.com" }, "BURSAR_OAUTH_ISSUER"],
  ["an audience without an issuer", { BURSAR_OAUTH_AUDIENCE: "x" }, "BURSAR_OAUTH_AUDIENCE"],
  ["a role claim without roles", { ...ISSUER, BURSAR_OAUTH_ROLE_CLAIM: "groups" }, "BURSAR_OAUTH_ROLE_CLAIM"],
  [
    "the audience of the sign-in's ID tokens",
    {
      ...ISSUER,
      BURSAR_OAUTH_AUDIENCE: "bursar",
      BURSAR_OIDC_ISSUER: "https://login.example.com",
      BURSAR_OIDC_CLIENT_ID: "bursar",
      BURSAR_OIDC_ROLE_MAP: "{}",
    },
    "BURSAR_OAUTH_AUDIENCE",
  ],
  ["a switch in other words", { BURSAR_OAUTH_REGISTRATION: "no" }, "BURSAR_OAUTH_REGISTRATION"],
])("refuses %s, naming the setting", (_, env, field) => {
  expect(() => read(env)).toThrow(expect.objectContaining({ facts: expect.objectContaining({ field }) as unknown }));
});
