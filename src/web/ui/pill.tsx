import type { ReactNode } from "react";

import "./facts.css";

interface PillProps {
  /** Grey when it is neither. */
  readonly tone?: "good" | "attention" | "bad" | undefined;
  readonly title?: string | undefined;
  readonly children: ReactNode;
}

/** A state in a word or two. */
export function Pill({ tone, title, children }: PillProps) {
  return (
    <span className="pill" data-tone={tone} title={title}>
      {children}
    </span>
  );
}
