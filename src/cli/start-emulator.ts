import { dayOfInstant, dayText, Failure, HOUR_MS } from "../domain/index.ts";
import type { Emulator } from "../emulator/index.ts";

export interface EmulatorAsked {
  readonly seed?: number | undefined;
  readonly people?: number | undefined;
  readonly days?: number | undefined;
  readonly end?: string | undefined;
  readonly scale?: number | undefined;
  readonly port?: number | undefined;
  readonly latencyMs?: number | undefined;
  readonly rateLimit?: "off" | "documented" | undefined;
  readonly faults?: readonly string[] | undefined;
}

/** So long after a day is over, all of it is there for every reader. */
const SETTLING_MS = 4 * HOUR_MS;

/**
 * Starts an emulator whose clock runs. Without `end` its clock shows the real time, and its history ends with the last day
 * of which all has arrived; what came after is arriving.
 *
 * @throws Failure `input.invalid` naming the option.
 */
export async function emulatorOf(asked: EmulatorAsked): Promise<Emulator> {
  const { createWorld, FaultError, parseFaultArgument, startEmulator } = await import("../emulator/index.ts");
  const now = Date.now();
  try {
    const world = createWorld({
      seed: asked.seed ?? 1,
      people: asked.people ?? 200,
      days: asked.days ?? 90,
      end: asked.end ?? dayText(dayOfInstant(now - SETTLING_MS) - 1),
      scale: asked.scale ?? 1,
    });
    return await startEmulator({
      world,
      ticking: true,
      startAt: asked.end === undefined ? now : world.startsAt,
      port: asked.port ?? 0,
      rateLimit: asked.rateLimit ?? "off",
      latencyMs: asked.latencyMs ?? 0,
      faults: (asked.faults ?? []).map(parseFaultArgument),
    });
  } catch (cause) {
    if (cause instanceof FaultError) throw wrong("--fault", cause.message, cause);
    if (cause instanceof RangeError) throw wrong("emulate", cause.message, cause);
    const code = cause instanceof Error && "code" in cause ? cause.code : null;
    if (code === "EADDRINUSE" || code === "EACCES")
      throw wrong("--port", `${asked.port} cannot be listened on (${code})`, cause);
    throw cause;
  }
}

function wrong(field: string, problem: string, cause: unknown): Failure {
  return new Failure("input.invalid", { field, problem, remedy: "See bursar emulate --help." }, { cause });
}
