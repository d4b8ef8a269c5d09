import type { OperationContext } from "../operations/index.ts";
import type { Call, OpenMode, Session } from "./command.ts";

/** Opens the record for one command and closes it whatever happens. */
export async function withSession<T>(
  { world, globals }: Pick<Call, "world" | "globals">,
  mode: OpenMode,
  work: (context: OperationContext, session: Session) => Promise<T>,
): Promise<T> {
  const session = await world.open(globals, mode);
  try {
    return await work(session.context, session);
  } finally {
    await session.close();
  }
}

/** The answer as a program reads it. */
export function jsonText(value: unknown): string {
  return `${JSON.stringify(value, null, 2)}\n`;
}
