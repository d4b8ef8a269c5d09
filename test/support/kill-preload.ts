/**
 * Loaded before the program (`--import`): kills its process at the n-th durable step, named by `KILL_AT`. Steps are each
 * commit, flush and rename, once before and once after. Without `KILL_AT` it only counts, and writes the count to the
 * file `KILL_COUNT`. With `KILL_ON=statement` each statement that changes something is a step too.
 */
import fs, { writeFileSync } from "node:fs";
import promises from "node:fs/promises";
import { syncBuiltinESMExports } from "node:module";
import { DatabaseSync, StatementSync } from "node:sqlite";

const killAt = Number(process.env["KILL_AT"] ?? 0);
let steps = 0;

function step(): void {
  steps += 1;
  if (steps === killAt) process.kill(process.pid, "SIGKILL");
}

function around<This, Args extends unknown[], Result>(
  work: (this: This, ...args: Args) => Result,
  isStep: (...args: Args) => boolean = () => true,
): (this: This, ...args: Args) => Result {
  return function (this: This, ...args: Args): Result {
    if (!isStep(...args)) return work.apply(this, args);
    step();
    const result = work.apply(this, args);
    if (result instanceof Promise) return result.finally(step) as Result;
    step();
    return result;
  };
}

DatabaseSync.prototype.exec = around(DatabaseSync.prototype.exec, (sql) => sql === "commit");
if (process.env["KILL_ON"] === "statement") {
  const run = around(StatementSync.prototype.run as (...args: unknown[]) => unknown);
  // Its two signatures are one function.
  StatementSync.prototype.run = run as typeof StatementSync.prototype.run;
}
fs.fsyncSync = around(fs.fsyncSync);
fs.renameSync = around(fs.renameSync);
promises.rename = around(promises.rename);
const handle = await promises.open(import.meta.filename);
const handles = Object.getPrototypeOf(handle) as { sync: () => Promise<void> };
handles.sync = around(handles.sync);
await handle.close();
syncBuiltinESMExports();

process.on("exit", () => {
  const file = process.env["KILL_COUNT"];
  if (file !== undefined) writeFileSync(file, String(steps));
});
