import { createWorld, startEmulator, type Emulator } from "../../src/emulator/index.ts";
import { ensureBuilt } from "../../scripts/build.ts";
import { start, temporaryFolder } from "../e2e/program.ts";

export interface FreshServer {
  readonly url: string;
  /** The one-time link with which the first account is made. */
  readonly setupLink: string;
  readonly emulator: Emulator;
  /** The data folder, and all that the server said: places in which a key must not stand. */
  readonly folder: string;
  said(): string;
  close(): Promise<void>;
}

/** The built program as somebody starts it for the first time: no account, no connection, an emulator to connect to. */
export async function startFresh({ people = 8, days = 30, latencyMs = 0 } = {}): Promise<FreshServer> {
  const built = await ensureBuilt();
  if (built.code !== 0) throw new Error(built.output);
  const folder = await temporaryFolder();
  // The server looks at the wall clock: the invented history ends yesterday.
  const now = Date.now();
  const end = new Date(now - 86_400_000).toISOString().slice(0, 10);
  const world = createWorld({ seed: 3, people, days, end, scale: 1 });
  const emulator = await startEmulator({ world, ticking: true, startAt: now, latencyMs });
  const env = { BURSAR_UPSTREAM: emulator.url, BURSAR_LISTEN: "127.0.0.1:0" };
  const child = start(["serve"], { cwd: folder.path, env });
  const gone = new Promise<void>((resolve) => child.once("close", () => resolve()));
  let said = "";
  child.stdout.setEncoding("utf8").on("data", (text: string) => (said += text));
  const setupLink = await new Promise<string>((resolve, reject) => {
    child.stderr.setEncoding("utf8").on("data", (text: string) => {
      said += text;
      const found = /open (http:\S+#link=[\w-]+)/.exec(said)?.[1];
      if (found !== undefined) resolve(found);
    });
    child.once("error", reject);
    child.once("close", () => reject(new Error(`The server ended early.\n${said}`)));
  });
  return {
    url: new URL(setupLink).origin,
    setupLink,
    emulator,
    folder: folder.path,
    said: () => said,
    async close() {
      child.kill("SIGTERM");
      await gone;
      await emulator.close();
      await folder.remove();
    },
  };
}
