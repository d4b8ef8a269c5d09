import { formatInstant } from "../format/index.ts";
import { Notice } from "../ui/index.ts";

/** Where a list comes from and when it was read last. */
export function readLine(readAt: string | null | undefined): string {
  if (readAt === undefined) return "As Anthropic lists them.";
  return readAt === null
    ? "The list itself was not read yet: what is here was met in usage."
    : `As Anthropic listed them on ${formatInstant(readAt)}.`;
}

/** That a list is shorter than what was counted, and why. */
export function HiddenNotice({ hidden, of }: { hidden: number; of: string }) {
  if (hidden === 0) return null;
  return (
    <Notice kind="note">
      {hidden} {of} {hidden === 1 ? "is" : "are"} counted and not listed: their names and owners tell of single people,
      and seeing those is a permission of its own. Ask an admin for it.
    </Notice>
  );
}
