import { mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { expect, it } from "vitest";

import { newApiToken } from "../../src/access/index.ts";
import { catalog, runOperation } from "../../src/operations/index.ts";
import { insertApiToken } from "../../src/store/index.ts";
import { testRandom } from "../support/bursar.ts";
import { askMcp, codeFor, connected, post, register } from "../support/oauth-flow.ts";
import { newSchema } from "../support/stores.ts";
import { writtenBy } from "../support/terminal.ts";
import { BUILT_IN, startOAuth, type TestOAuth, type TestOAuthOptions } from "../support/oauth.ts";

const postgres = process.env["BURSAR_TEST_POSTGRES"];

async function withFolder(use: (folder: string) => Promise<void>): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), "bursar-oauth-kept-"));
  try {
    await use(folder);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function withServer(options: TestOAuthOptions, use: (server: TestOAuth) => Promise<void>): Promise<void> {
  const server = await startOAuth(options);
  try {
    await use(server);
  } finally {
    await server.close();
  }
}

it("keeps nothing that lets anybody in: no code, no token, no key stands in the data folder or the log", () =>
  withFolder(async (folder) => {
    const secrets: string[] = [];
    await withServer({ folder }, async (server) => {
      const unused = await codeFor(server);
      const one = await connected(server);
      const { body } = await one.client.refresh(one.refresh);
      secrets.push(unused.code, one.access, one.refresh, body.access_token ?? "", body.refresh_token ?? "");
      for (const secret of secrets) expect(JSON.stringify(server.events)).not.toContain(secret);
    });
    const files = await readdir(join(folder, "data"), { recursive: true, withFileTypes: true });
    const contents = await Promise.all(
      files.filter((file) => file.isFile()).map((file) => readFile(join(file.parentPath, file.name), "latin1")),
    );
    const kept = contents.join("\n");
    // The files are really read: what may stand there does.
    expect(kept).toContain("A client by hand");
    for (const secret of secrets) {
      expect(secret.length).toBeGreaterThan(20);
      expect(kept).not.toContain(secret);
      expect(kept).not.toContain(secret.split(".").at(-1) ?? secret);
    }
    // Nor the key that signs: a private key has a member d beside x and y.
    expect(kept).not.toMatch(/"d":"[\w-]{43}"/);
  }));

it("goes on after the program was ended: keys, clients and what was allowed are kept", () =>
  withFolder(async (folder) => {
    let refresh = "";
    let client = "";
    let origin = "";
    await withServer({ folder }, async (server) => {
      ({ origin } = server);
      const one = await connected(server);
      refresh = one.refresh;
      client = one.client.clientId;
    });
    // At the same address: a token is for one.
    await withServer({ folder, listen: origin }, async (server) => {
      // What is still open to the server before is found to be closed.
      await fetch(server.origin).catch(() => {});
      const form = new URLSearchParams({ grant_type: "refresh_token", client_id: client, refresh_token: refresh });
      const answer = await fetch(`${server.origin}/oauth/token`, { method: "POST", body: form });
      const { access_token: access } = (await answer.json()) as { access_token?: string };
      expect((await askMcp(server, access ?? "")).status).toBe(200);
    });
  }));

it("names what was allowed at a terminal, and ends it there", () =>
  withFolder(async (folder) => {
    await withServer({ folder }, async (server) => {
      const operator = server.host.contextOf(server.tenant);
      const bursar = (...argv: string[]) => writtenBy(operator, ["assistant", ...argv]);
      const one = await connected(server);
      expect((await askMcp(server, one.access)).status).toBe(200);
      const told = await bursar("list");
      expect(told).toMatch(/^id +assistant +of +scopes/);
      expect(told).toContain("A client by hand");
      const { grants } = JSON.parse(await bursar("list", "--json")) as {
        grants: { id: string; account: { id: string } }[];
      };
      expect(grants.map(({ account }) => account.id)).toEqual([one.account.accountId]);
      const { id } = grants[0]!;
      expect(await bursar("revoke", id)).toBe(`Disconnected A client by hand (${id}).\n`);
      expect((await askMcp(server, one.access)).status).toBe(401);
      expect(await bursar("list")).toMatch(/^No assistant was let in/);
      // What it was given names its end in the ledger.
      const { rows } = await runOperation(operator, await catalog.listAudit(), {});
      expect(rows[0]).toMatchObject({ event: "grant.revoked", facts: { grant: id } });
    });
  }));

it.skipIf(postgres === undefined)("goes the whole way on PostgreSQL too; npm test starts a server for it", () =>
  withFolder(async (folder) => {
    const { url: databaseUrl, everything, drop } = await newSchema(postgres!);
    const kekFile = join(folder, "kek");
    await writeFile(kekFile, "11".repeat(32), { mode: 0o600 });
    try {
      await withServer({ folder, databaseUrl, kekFile }, async (server) => {
        const { code } = await codeFor(server);
        const one = await connected(server);
        expect((await askMcp(server, one.access)).status).toBe(200);
        const { body } = await one.client.refresh(one.refresh);
        expect((await askMcp(server, body.access_token ?? "")).status).toBe(200);
        const kept = await everything();
        expect(kept).toContain("A client by hand");
        for (const secret of [code, one.refresh, body.refresh_token ?? ""]) expect(kept).not.toContain(secret);
        // One that comes a second time ends all of it.
        expect((await one.client.refresh(one.refresh)).status).toBe(400);
        expect((await askMcp(server, body.access_token ?? "")).status).toBe(401);
        const { grants } = await runOperation(server.host.contextOf(server.tenant), await catalog.listGrants(), {});
        expect(grants.map(({ account }) => account.id)).not.toContain(one.account.accountId);
      });
    } finally {
      await drop();
    }
  }),
);

it("says that it is locked while the vault is, and API tokens work meanwhile", () =>
  withFolder(async (folder) => {
    let access = "";
    await withServer({ folder }, async (server) => {
      ({ access } = await connected(server));
    });
    const stranger = join(folder, "another-kek");
    await writeFile(stranger, "00".repeat(32), { mode: 0o600 });
    await withServer({ folder, kekFile: stranger }, async (server) => {
      for (const path of ["/.well-known/oauth-authorization-server", "/oauth/authorize?client_id=x", "/oauth/jwks"]) {
        const response = await fetch(`${server.origin}${path}`, { redirect: "manual" });
        expect([path, response.status, ((await response.json()) as { code?: string }).code]).toEqual([
          path,
          503,
          "vault.locked",
        ]);
      }
      expect((await post(`${server.origin}/oauth/register`, { redirect_uris: ["https://a.example/"] })).status).toBe(
        503,
      );
      expect((await askMcp(server, access)).status).toBe(503);
      // The resource says where it would be, and a program goes on.
      expect((await fetch(`${server.origin}/.well-known/oauth-protected-resource`)).status).toBe(200);
      const { tokenId, text, secretHash } = newApiToken(testRandom);
      const times = { createdMs: 0, expiresMs: server.clock.now() + 60_000, usedMs: server.clock.now() };
      const row = { tokenId, accountId: null, name: "x", secretHash, scopes: ["read"], ...times };
      await server.host.store.write((tx) => insertApiToken(tx, server.host.contextOf(server.tenant).scope, row));
      expect((await askMcp(server, text)).status).toBe(200);
    });
  }));

it("reads no document and registers nobody where that is switched off, and says so in its metadata", () =>
  withServer({ settings: { ...BUILT_IN, documents: false, registration: false } }, async (server) => {
    const metadata = await (await fetch(`${server.origin}/.well-known/oauth-authorization-server`)).json();
    expect(metadata).not.toHaveProperty("registration_endpoint");
    expect(metadata).not.toHaveProperty("client_id_metadata_document_supported");
    expect((await post(`${server.origin}/oauth/register`, { redirect_uris: ["https://a.example/"] })).status).toBe(404);
    const asked = new URL(`${server.origin}/oauth/authorize?response_type=code`);
    asked.searchParams.set("client_id", "https://client.example/client.json");
    const begun = await server.browser().begin(asked);
    expect("endsAt" in begun && begun.endsAt.search).toBe("?error=invalid_client");
  }));

it("does not go where a client's address leads inside, however it is spelled", () =>
  withServer({}, async (server) => {
    const addresses = [
      "https://169.254.169.254/client.json",
      "https://10.0.0.1/client.json",
      "https://[::1]:9/client.json",
      "https://localhost.example@127.0.0.1/client.json",
      "http://client.example/client.json",
    ];
    for (const address of addresses) {
      const asked = new URL(`${server.origin}/oauth/authorize?response_type=code`);
      asked.searchParams.set("client_id", address);
      const begun = await server.browser().begin(asked);
      expect([address, "endsAt" in begun && begun.endsAt.search]).toEqual([address, "?error=invalid_client"]);
    }
    // A client that registered is nobody's document.
    const client = await register(server);
    expect(await server.browser().begin(client.request())).toHaveProperty("uid");
  }));
