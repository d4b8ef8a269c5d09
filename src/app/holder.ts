import { randomBytes } from "node:crypto";

/** Tells this start of the program from an earlier one that had the same process id, as in a restarted container. */
const START = randomBytes(4).toString("hex");

/** Who holds a lease, in words for whoever finds it held: `sync on host, process 123, start 89abcdef`. */
export function holderName(what: string, host: string): string {
  return `${what} on ${host}, process ${process.pid}, start ${START}`;
}

/** Whether a holder is a process of this machine that has ended: then nobody waits for its lease to run out. */
export function holderIsGone(host: string): (holder: string) => boolean {
  return (holder) => {
    const [, on, pid, start] = /^.* on (.*), process (\d+), start ([0-9a-f]{8})$/.exec(holder) ?? [];
    if (on !== host || pid === undefined) return false;
    if (Number(pid) === process.pid) return start !== START;
    return !isAlive(Number(pid));
  };
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // Somebody else's process is alive too.
    return error instanceof Error && "code" in error && error.code === "EPERM";
  }
}
