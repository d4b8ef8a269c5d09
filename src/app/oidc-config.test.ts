import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { expect, it } from "vitest";

import { isFailure } from "../domain/index.ts";
import { readSettings } from "./config.ts";
import { openOidc } from "./oidc-config.ts";

const ENV = {
  BURSAR_OIDC_ISSUER: "https://login.example.com/realm",
  BURSAR_OIDC_CLIENT_ID: "bursar",
  BURSAR_OIDC_ROLE_MAP: '{"leads":"admin","staff":"viewer@acme"}',
};

const read = (changed: Readonly<Record<string, string | undefined>> = {}) =>
  readSettings({ flags: {}, env: { ...ENV, ...changed }, cwd: "/nowhere" }).oidc;

it("reads a provider, its roles and their tenants", () => {
  expect(read()).toEqual({
    issuer: "https://login.example.com/realm",
    clientId: "bursar",
    clientSecretFile: null,
    roleClaim: "groups",
    roleMap: [
      { value: "leads", role: "admin", tenant: "default" },
      { value: "staff", role: "viewer", tenant: "acme" },
    ],
    label: "Sign in with login.example.com",
  });
  expect(read({ BURSAR_OIDC_ISSUER: "" })).toBe(null);
});

it.each([
  ["a plain address", { BURSAR_OIDC_ISSUER: "http://login.example.com" }, "BURSAR_OIDC_ISSUER"],
  ["no client", { BURSAR_OIDC_CLIENT_ID: "" }, "BURSAR_OIDC_ISSUER"],
  ["no roles", { BURSAR_OIDC_ROLE_MAP: "" }, "BURSAR_OIDC_ISSUER"],
  ["roles that are no JSON", { BURSAR_OIDC_ROLE_MAP: "leads=admin" }, "BURSAR_OIDC_ROLE_MAP"],
  ["a role that is none", { BURSAR_OIDC_ROLE_MAP: '{"leads":"owner"}' }, "BURSAR_OIDC_ROLE_MAP"],
])("refuses %s, naming the setting", (_, changed, field) => {
  expect(() => read(changed)).toThrow(
    expect.objectContaining({ facts: expect.objectContaining({ field }) as unknown }),
  );
});

it("opens the secret's file only for a server, and says which file it could not read", () => {
  const folder = mkdtempSync(join(tmpdir(), "bursar-oidc-"));
  try {
    const file = join(folder, "secret");
    const config = read({ BURSAR_OIDC_CLIENT_SECRET_FILE: file });
    expect(() => openOidc(config)).toThrow(expect.toSatisfy((thrown) => isFailure(thrown, "app.config")));
    writeFileSync(file, "from a file\n");
    expect(openOidc(config)).toMatchObject({ clientSecret: "from a file", clientId: "bursar" });
    expect(openOidc(null)).toBe(null);
  } finally {
    rmSync(folder, { recursive: true });
  }
});
