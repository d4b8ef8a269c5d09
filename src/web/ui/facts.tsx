import type { ReactNode } from "react";

import "./facts.css";

/** Names with what is known under them, as many beside each other as there is room for. */
export function Facts({ children }: { children: ReactNode }) {
  return <dl className="facts">{children}</dl>;
}

/** One fact a line, with a rule between them. Figures stand at the end of theirs. */
export function FactRows({
  of,
  className = "",
  children,
}: {
  of: "figures" | "texts";
  className?: string;
  children: ReactNode;
}) {
  return <dl className={`fact-rows fact-${of} ${className}`}>{children}</dl>;
}

export function Fact({ name, value, title }: { name: string; value: ReactNode; title?: string | undefined }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd title={title}>{value}</dd>
    </div>
  );
}
