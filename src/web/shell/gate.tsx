import type { ReactNode } from "react";

import type { Problem } from "../client/index.ts";

/** A page before the dashboard: one question, and nothing beside it. */
export function Gate({ title, wide = false, children }: { title: string; wide?: boolean; children: ReactNode }) {
  return (
    <main className="gate">
      <div className="gate-box" data-wide={wide || undefined}>
        <span className="brand">
          <img src="/icon.svg" alt="" width={20} height={20} />
          Bursar
        </span>
        <h1>{title}</h1>
        {children}
      </div>
    </main>
  );
}

export function Trouble({ problem }: { problem: Problem | null }) {
  if (problem === null) return null;
  return (
    <div className="gate-trouble" role="alert">
      <p>{problem.detail === "" ? problem.title : problem.detail}</p>
      {problem.hint !== null && <p>{problem.hint}</p>}
    </div>
  );
}
