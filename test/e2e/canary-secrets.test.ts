import { cp, mkdir, readdir, readFile } from "node:fs/promises";
import { join } from "node:path";

import { afterAll, beforeAll, expect, it } from "vitest";

import { readableStorage } from "../../src/app/vault-storage.ts";
import { isJsonObject, NAMED, type Json } from "../../src/domain/index.ts";
import { createWorld, startEmulator, type Emulator } from "../../src/emulator/index.ts";
import { streams } from "../../src/source/index.ts";
import { listTenants, openStore } from "../../src/store/index.ts";
import { readKekFile, Vault, type KeyProvider } from "../../src/vault/index.ts";
import { testRandom } from "../support/bursar.ts";
import { testBrowser } from "../support/oauth.ts";
import { askMcp, codeFor } from "../support/oauth-flow.ts";
import { SecretSearch } from "../support/secret-search.ts";
import { ended, hear, run, start, stop, temporaryFolder } from "./program.ts";

const PASSWORD = "violet anchor plum 7 quiet";
const EMAIL = "ada@example.com";

let folder: Awaited<ReturnType<typeof temporaryFolder>>;
let emulator: Emulator;
let search: SecretSearch;

const environment = () => ({ BURSAR_UPSTREAM: emulator.url, BURSAR_LISTEN: "127.0.0.1:0", BURSAR_LOG: "trace" });

/** A command that must end well, and whatever it says. */
async function talk(args: readonly string[], input = ""): Promise<void> {
  const { code, out, err } = await run([...args, "--verbose"], { cwd: folder.path, env: environment(), input });
  search.say(out, err);
  expect(code, err).toBe(0);
}

beforeAll(async () => {
  folder = await temporaryFolder();
  search = new SecretSearch(folder.path);
  const world = createWorld({ seed: 5, people: 3, days: 2, end: "2026-10-31", scale: 1 });
  emulator = await startEmulator({ world });
  await talk(["connect"], emulator.keys.admin);
});

afterAll(async () => {
  await emulator.close();
  await folder.remove();
});

it("what lets somebody in is kept by nobody, and what seals and signs is open nowhere", async () => {
  const reports = join(folder.path, "reports");
  await mkdir(reports);
  const options = `--report-on-signal --report-directory=${reports}`;
  // In JSON, as a service is started: whoever starts it by hand is told the setup link.
  const child = start(["serve", "--json", "--verbose"], {
    cwd: folder.path,
    env: { ...environment(), NODE_OPTIONS: options },
  });
  const end = ended(child);
  try {
    const origin = await hear(child).until(/"url": ?"([^"]+)"/);
    await lookIn(origin);
    await search.overhear(child.pid);
    child.kill("SIGUSR2");
    await expect.poll(() => readdir(reports)).toHaveLength(1);
    // The link was used, and its file goes within seconds.
    const data = join(folder.path, "bursar-data");
    await expect.poll(() => readdir(data), { timeout: 15_000 }).not.toContain("setup-link");
    // With the journal, as whoever took the disk away would have it.
    await cp(data, join(folder.path, "while-running"), { recursive: true });
  } finally {
    await stop(child);
    const { out, err } = await end;
    search.say(out, err);
  }
  await talk(["sync"]);
  await talk(["ledger", "export", "ledger"]);
  await talk(["evidence", "access", "evidence"]);
  await talk(["backup", "backup"]);

  const kek = Buffer.from((await readFile(join(folder.path, "bursar-data", "kek"), "utf8")).trim(), "hex");
  search.bytes("key-encryption key", kek);
  expect(await openedByVault()).toEqual(
    expect.arrayContaining([expect.stringMatching(/^data key/), "log-key", "connection-key", "server-key: signing.d"]),
  );
  await search.files();
  expect([...search.searched].join("\n")).toMatch(/^while-running\/bursar\.db-wal$/m);
  const known = ["bursar-data/kek", "while-running/kek"].map((file) => `key-encryption key in ${file}`);
  expect([...search.telling].toSorted()).toEqual(known);
  expect(search.told()).toEqual([]);
  // The log did talk, of each of them.
  expect(search.said).toContain('"upstream.request"');
}, 120_000);

/** Comes in by every way there is, and then asks for everything, rightly and wrongly. */
async function lookIn(origin: string): Promise<void> {
  const file = join(folder.path, "bursar-data", "setup-link");
  const linked = () => readFile(file, "utf8").catch(() => "");
  await expect.poll(linked).toMatch(/#link=[\w-]+\n$/);
  const setup = /#link=([\w-]+)/.exec(await linked())![1]!;
  search.text("setup link", setup);
  search.text("password", PASSWORD);
  const browser = testBrowser(origin);
  const hold = async (name: string, answer: Response) => {
    search.say(JSON.stringify([name, ...answer.headers].filter((one) => !String(one).startsWith("set-cookie"))));
    search.say(await answer.text());
  };
  const first = { token: setup, email: EMAIL, name: "Ada", password: PASSWORD };
  expect((await browser.post("/auth/link", first)).status).toBe(200);
  const session = /=([^;]+)/.exec(browser.cookieFor("/"))![1]!;
  search.text("session", session);
  await hold("link again", await browser.post("/auth/link", first));

  const invited = await browser.post("/api/v1/invite-account", { email: "bob@example.com", role: "viewer" });
  search.text("invitation", ((await invited.json()) as { link: { token: string } }).link.token);
  const account = async () => ({ accountId: "", email: EMAIL, password: PASSWORD });
  const { client, code } = await codeFor({ origin, account, browser: () => testBrowser(origin) });
  const { access_token: access = "", refresh_token: refresh = "" } = (await client.exchange(code)).body;
  expect([access, refresh].every((token) => token.length > 20)).toBe(true);
  for (const [name, secret] of Object.entries({ code, access, refresh })) search.text(`oauth ${name}`, secret);
  search.text("oauth verifier", client.verifier);
  search.say(JSON.stringify(await client.exchange(code)));
  await hold("tools", await askMcp({ origin }, access));
  await hold("tool", await askMcp({ origin }, access, { call: "sync_status" }));

  const secrets = [setup, session, code, access, refresh, PASSWORD];
  const { paths } = (await (await fetch(`${origin}/api/openapi.json`)).json()) as { paths: Record<string, object> };
  const read = Object.keys(paths).filter((path) => "get" in paths[path]! && !/events|\{/.test(path));
  expect(read.length).toBeGreaterThan(30);
  for (const [at, path] of read.entries()) {
    const secret = secrets[at % secrets.length]!;
    await hold(path, await browser.ask(path));
    await hold(
      `${path}?`,
      await browser.ask(`${path}?${new URLSearchParams({ metric: secret, tenant: secret }).toString()}`),
    );
  }
  for (const secret of secrets) {
    const headers = { authorization: `Bearer ${secret}` };
    await hold("as token", await fetch(`${origin}/api/v1/status`, { headers }));
    await hold("sign-in", await browser.post("/auth/sign-in", { email: EMAIL, password: `${secret}x` }));
    // A password is as short as a name; nobody pastes it there.
    if (secret !== PASSWORD)
      await hold("as path", await browser.ask(`/oauth/interactions/${encodeURIComponent(secret)}`));
    await hold("as cookie", await fetch(`${origin}/auth/me`, { headers: { cookie: `bursar_session=${secret}` } }));
    search.say(
      JSON.stringify(await client.token({ grant_type: "authorization_code", code: secret, redirect_uri: "x" })),
    );
  }
  for (const page of ["/", "/settings", "/sign-in"]) await hold(page, await browser.ask(page));
}

/** Opens everything that is sealed, to look for it, and names what it was. */
async function openedByVault(): Promise<string[]> {
  const dataDir = join(folder.path, "bursar-data");
  const provider = readKekFile(join(dataDir, "kek"), testRandom);
  const deks: Buffer[] = [];
  const watched: KeyProvider = {
    wrap: (plain, context) => provider.wrap(plain, context),
    unwrap: async (blob, context) => {
      const dek = await provider.unwrap(blob, context);
      deks.push(Buffer.from(dek));
      return dek;
    },
  };
  const vault = new Vault(watched, testRandom);
  const store = await openStore({ dataDir, tables: streams.flatMap(({ tables }) => tables) });
  const names: string[] = [];
  try {
    await store.read(async (tx) => {
      for (const { tenantId, name } of await listTenants(tx)) {
        const storage = readableStorage(tx, { tenantId, tenant: name, principal: "test", privacy: NAMED });
        for (const { purpose, id } of await storage.listSecrets()) {
          const sealed = (await vault.openSecret(storage, purpose, id))!;
          const bytes = sealed.use((plain) => Buffer.from(plain));
          for (const [part, secret] of partsOf(bytes)) {
            const called = part === "" ? purpose : `${purpose}: ${part}`;
            names.push(called);
            search.bytes(called, secret);
          }
        }
      }
    });
  } finally {
    await store.close();
  }
  for (const [at, dek] of deks.entries()) search.bytes(`data key ${at}`, dek);
  return [...names, ...deks.map((_, at) => `data key ${at}`)];
}

/** Members of keys that are public: in a key for signing, and beside it. */
const PUBLIC = ["x", "y", "kid", "kty", "crv", "id"];

/** A sealed value, or where it is JSON the texts in it that are secret. */
function partsOf(bytes: Buffer): [string, Buffer][] {
  if (!bytes.toString("latin1").startsWith("{")) return [["", bytes]];
  const found: [string, Buffer][] = [];
  const walk = (value: Json, path: string, name: string): void => {
    if (typeof value === "string" && !PUBLIC.includes(name)) found.push([path, Buffer.from(value)]);
    if (!isJsonObject(value)) return;
    for (const [key, one] of Object.entries(value)) walk(one, path === "" ? key : `${path}.${key}`, key);
  };
  walk(JSON.parse(bytes.toString("utf8")) as Json, "", "");
  return found;
}
