import { dayOfInstant, dayText, Failure, HOUR_MS, startOfDay } from "../domain/index.ts";
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
 * Starts an emulator whose clock runs. Without `end` its history ends yesterday and its clock shows the real time; while
 * yesterday's data would still be arriving it stands where all of them are there, so that totals are those of the truth.
 *
 * @throws Failure `input.invalid` naming the option.
 */
export async function emulatorOf(asked: EmulatorAsked): Promise<Emulator> {
  const { createWorld, FaultError, parseFaultArgument, startEmulator } = await import("../emulator/index.ts");
  const now = Date.now();
  const today = dayOfInstant(now);
  try {
    const world = createWorld({
      seed: asked.seed ?? 1,
      people: asked.people ?? 200,
      days: asked.days ?? 90,
      end: asked.end ?? dayText(today - 1),
      scale: asked.scale ?? 1,
    });
    return await startEmulator({
      world,
      ticking: true,
      startAt: asked.end === undefined ? Math.max(now, startOfDay(today) + SETTLING_MS) : world.startsAt,
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
