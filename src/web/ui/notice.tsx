import { CircleCheck, Info, TriangleAlert } from "lucide-react";
import type { ReactNode } from "react";

const ICONS = { partial: TriangleAlert, note: Info, good: CircleCheck } as const;

/** A line above the figures: they are incomplete, or need a word of explanation. */
export function Notice({ kind, children }: { kind: keyof typeof ICONS; children: ReactNode }) {
  const Icon = ICONS[kind];
  return (
    <div className="notice" data-kind={kind} role={kind === "partial" ? "status" : undefined}>
      <Icon size={16} aria-hidden />
      <div>{children}</div>
    </div>
  );
}
