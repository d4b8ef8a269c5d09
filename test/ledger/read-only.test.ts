import { spawnSync } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

import { describe, expect, it } from "vitest";

import { startEmulator } from "../../src/emulator/index.ts";
import { runProgram } from "../support/processes.ts";

const MAIN = fileURLToPath(new URL("../support/run-main.ts", import.meta.url));

/** A mount that nobody else sees needs root, and Linux. */
const canMount =
  process.platform === "linux" &&
  process.getuid?.() === 0 &&
  spawnSync("unshare", ["-m", "sh", "-c", "mount -t tmpfs none /mnt"]).status === 0;

/** Runs each command on a read-only copy of the folder, and tells how it ended; then serves it and asks. */
const SCRIPT = `
mkdir "$ROOT/mnt" && mount -t tmpfs none "$ROOT/mnt" && cp -r "$ROOT/data" "$ROOT/mnt/data" && mount -o remount,ro "$ROOT/mnt"
export BURSAR_DATA="$ROOT/mnt/data"
for command in "report sessions" sync; do
  "$NODE" --disable-warning=ExperimentalWarning "$MAIN" $command > "$ROOT/said" 2>&1
  echo "$command: $? $(grep -c read-only "$ROOT/said")"
done
: > "$ROOT/served"
"$NODE" --disable-warning=ExperimentalWarning "$MAIN" serve --listen 127.0.0.1:0 2>> "$ROOT/served" &
server=$!
while kill -0 $server && ! grep -q "listening on" "$ROOT/served"; do sleep 0.1; done
"$NODE" -e '
  const [, url] = /listening on (http:\\S+?);/.exec(require("node:fs").readFileSync(process.argv[1], "utf8"));
  const ask = async (path) => console.log(path + ": " + (await fetch(url + path)).status);
  ask("/healthz").then(() => ask("/readyz"));
' "$ROOT/served"
kill $server
wait $server
`;

describe("a read-only file system (F74)", () => {
  // Skipped where no mount can be made: a folder without write permission is no obstacle for root, nor the same thing.
  it.skipIf(!canMount)(
    "is served and reported from, and refuses to sync with exit 5",
    async () => {
      const root = await mkdtemp(join(tmpdir(), "bursar-read-only-"));
      const emulator = await startEmulator({ world: { seed: 5, people: 3, days: 2, end: "2026-10-31", scale: 1 } });
      try {
        const env = { BURSAR_DATA: join(root, "data"), BURSAR_UPSTREAM: emulator.url };
        const key = join(root, "key");
        await writeFile(key, emulator.keys.admin, { mode: 0o600 });
        for (const args of [["connect", "--key-file", key, "--from", "2026-10-30"], ["sync"]]) {
          expect(await runProgram(args, { cwd: root, env })).toMatchObject({ code: 0 });
        }
        const { stdout, stderr } = spawnSync("unshare", ["-m", "sh", "-c", SCRIPT], {
          env: { ...process.env, ROOT: root, MAIN, NODE: process.execPath, BURSAR_UPSTREAM: emulator.url },
          encoding: "utf8",
        });
        expect({ stdout, stderr }).toEqual({
          stdout: "report sessions: 0 0\nsync: 5 1\n/healthz: 200\n/readyz: 503\n",
          stderr: "",
        });
      } finally {
        await emulator.close();
        await rm(root, { recursive: true, force: true });
      }
    },
    180_000,
  );
});
