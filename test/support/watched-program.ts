import { spawn, type ChildProcessWithoutNullStreams } from "node:child_process";
import { readFile } from "node:fs/promises";

/** A program whose way out is watched, and what became of it. */
export interface Watched {
  readonly child: ChildProcessWithoutNullStreams;
  /** Asks the program itself to end; the one that watches would only let go of it. */
  end(): Promise<void>;
  /** Ends it and all that it started, whatever state they are in. */
  kill(): void;
}

/** Runs a program of Node under strace, which writes to a file every call by which it or a child reaches somebody. */
export function watch(
  trace: string,
  args: readonly string[],
  { env, cwd }: { readonly env: Readonly<Record<string, string>>; readonly cwd: string },
): Watched {
  const calls = "trace=connect,sendto,sendmsg,sendmmsg";
  const child = spawn("strace", ["-f", "--seccomp-bpf", "-qq", "-e", calls, "-o", trace, process.execPath, ...args], {
    env,
    cwd,
    stdio: ["pipe", "pipe", "pipe"],
    // A group of its own: killed alone, strace would leave everybody running whom it watched.
    detached: true,
  });
  child.stdin.on("error", () => {});
  const pid = child.pid ?? 0;
  return {
    child,
    end: async () => {
      const [first = ""] = (await readFile(`/proc/${pid}/task/${pid}/children`, "utf8")).split(" ");
      process.kill(Number(first), "SIGTERM");
    },
    kill: () => {
      try {
        process.kill(-pid, "SIGKILL");
      } catch {
        // All of them have ended.
      }
    },
  };
}

/**
 * Who was reached, each once: `host:port` of a connection, and of a datagram as names are asked for. Sockets within the
 * machine's kernel and between its processes leave it for nobody.
 */
export async function placesIn(trace: string): Promise<string[]> {
  const places = (await readFile(trace, "utf8")).split("\n").flatMap((line) => {
    const [, port] = /sin6?_port=htons\((\d+)\)/.exec(line) ?? [];
    const [, host = line] = /(?:inet_addr\("|AF_INET6, ")([^"]+)"/.exec(line) ?? [];
    return port === undefined ? [] : [`${host}:${port}`];
  });
  return [...new Set(places)].toSorted();
}
