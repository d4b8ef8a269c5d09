import { spawn } from "node:child_process";
import { constants, setPriority } from "node:os";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";

export interface EmulatorProcess {
  readonly url: string;
  readonly key: string;
  /** Lets every other process go first: what asks Anthropic shares no processor with it. */
  giveWay(): void;
  stop(): void;
}

/** An emulator on the other core: what it costs to serve is no part of what is measured. */
export async function emulatorProcess(options: Readonly<Record<string, string | number>>): Promise<EmulatorProcess> {
  const script = fileURLToPath(new URL("./emulate.ts", import.meta.url));
  const child = spawn(process.execPath, [script, JSON.stringify(options)], { stdio: ["ignore", "pipe", "inherit"] });
  const lines = createInterface({ input: child.stdout });
  const line = await new Promise<string>((resolve, reject) => {
    lines.once("line", resolve);
    child.once("exit", (code) => reject(new Error(`the emulator ended with ${code}`)));
  });
  const { url, key } = JSON.parse(line) as { url: string; key: string };
  return {
    url,
    key,
    giveWay: () => setPriority(child.pid ?? 0, constants.priority.PRIORITY_LOW),
    stop: () => void child.kill(),
  };
}
