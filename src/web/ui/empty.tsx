import type { ReactNode } from "react";

/** Why there is nothing here, and the next step. */
export function Empty({ why, children }: { why: string; children?: ReactNode }) {
  return (
    <div className="empty">
      <p className="empty-why">{why}</p>
      {children !== undefined && <div className="empty-next">{children}</div>}
    </div>
  );
}
