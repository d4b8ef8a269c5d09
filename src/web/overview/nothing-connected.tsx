import { Link } from "wouter";

import { useMe } from "../client/index.ts";
import { Empty, Page } from "../ui/index.ts";

/** The first page of a record that has nothing to read from yet. */
export function NothingConnected() {
  const { may } = useMe();
  return (
    <Page title="Overview" sentence="How much Claude is used, by whom, at what cost and with what result.">
      <section className="card" aria-label="Nothing connected">
        <Empty why="No organization is connected yet, so there is nothing to show. With an Admin key Bursar reads usage, cost and Claude Code activity of the last months; the first chart is there within a minute.">
          {may("credentials") ? (
            <Link href="/connect">Connect a key</Link>
          ) : (
            <span className="quiet">An administrator of Bursar can connect one.</span>
          )}
        </Empty>
      </section>
    </Page>
  );
}
