import { Button } from "@mantine/core";
import { Link } from "wouter";

import { useAnswer, useMe } from "../client/index.ts";
import { daysIn, useFilters } from "../filters/index.ts";
import { PersonView } from "../people/person-view.tsx";
import { Card, Empty, ErrorBox, Foot, Page } from "../ui/index.ts";

/** The caller's own use: everybody may see it. */
export function MyUsage() {
  const { common, previous } = useFilters();
  const { may } = useMe();
  const mine = useAnswer("myUsage", common && daysIn(common));
  const before = useAnswer("myUsage", previous && daysIn(previous));
  const page = mine.data?.usage ?? undefined;
  const unlinked = mine.data?.unlinked ?? null;
  return (
    <Page
      title="My usage"
      sentence="Your own use of Claude Code. Who else can see it is said below."
      filters={{ narrowings: [], population: false }}
      foot={<Foot answers={[page]} />}
    >
      {mine.isError ? (
        <ErrorBox thrown={mine.error} onRetry={() => void mine.refetch()} />
      ) : unlinked !== null ? (
        <Card title="No page of yours yet">
          <Empty why={`${unlinked.reason} ${unlinked.remedy}`}>
            {may("accounts") && (
              <Button component={Link} href="/settings" variant="default" size="xs">
                Open the accounts
              </Button>
            )}
          </Empty>
        </Card>
      ) : (
        <PersonView
          page={page}
          previous={previous === null ? undefined : (before.data?.usage ?? undefined)}
          dimmed={mine.isPlaceholderData}
        />
      )}
    </Page>
  );
}
