import type { ReactNode } from "react";

import "./facts.css";

/** Names with what is known under them, as many beside each other as there is room for. */
export function Facts({ children }: { children: ReactNode }) {
  return <dl className="facts">{children}</dl>;
}

export function Fact({ name, value, title }: { name: string; value: ReactNode; title?: string | undefined }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd title={title}>{value}</dd>
    </div>
  );
}
