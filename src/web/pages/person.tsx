import { Button } from "@mantine/core";
import { UserMinus } from "lucide-react";
import { Link, useParams } from "wouter";

import { useWrites } from "../changes/use-writes.ts";
import { Problem, useAnswer, useMe } from "../client/index.ts";
import { daysIn, useFilters } from "../filters/index.ts";
import { ErasePerson } from "../people/erase-person.tsx";
import { PersonView } from "../people/person-view.tsx";
import { Card, Empty, ErrorBox, EvidenceButton, Foot, Page } from "../ui/index.ts";

/** Everything that is known of one person's use, for those who may see individuals. */
export function Person() {
  const { id } = useParams<{ id: string }>();
  const { common, previous } = useFilters();
  const { may } = useMe();
  const who = /^p_[0-9a-f]+$/.test(id) ? { personId: id } : { email: id };
  const isAsked = may("people");
  const { isOffered } = useWrites();
  const usage = useAnswer("personUsage", isAsked && common ? { ...who, ...daysIn(common) } : null);
  const before = useAnswer("personUsage", isAsked && previous ? { ...who, ...daysIn(previous) } : null);
  // What stays while another answer loads may be about somebody else.
  const isOther = usage.isPlaceholderData && !isAbout(usage.data, id);
  const page = isOther ? undefined : usage.data;
  return (
    <Page
      title={page?.person.name ?? (id.startsWith("p_") ? "Person" : id)}
      sentence="One person's use of Claude Code. It says what was used, not how well anybody works."
      filters={{ narrowings: [], population: false }}
      actions={
        isAsked && (
          <>
            {common && <EvidenceButton about={{ about: "person", ...who, ...daysIn(common) }} />}
            {isOffered && (
              <Button
                size="xs"
                variant="default"
                leftSection={<UserMinus size={14} aria-hidden />}
                component={Link}
                href={`/off-boarding?${new URLSearchParams({ person: id }).toString()}`}
              >
                Off-board
              </Button>
            )}
          </>
        )
      }
      foot={<Foot answers={[page]} />}
    >
      {!isAsked ? (
        <Card title="Not shown">
          <Empty why="Figures of single people are shown to those with the permission to see individuals. Ask an admin for it if your work needs it; each look is then recorded.">
            <Link href="/teams">See the teams</Link>
          </Empty>
        </Card>
      ) : usage.isError ? (
        usage.error instanceof Problem && usage.error.field === "personId" ? (
          <ErrorBox
            what="Nobody has this id."
            means="No figure is lost: an entry may have been removed, and its figures stand under the address."
            todo="Find the person in the list of people."
          />
        ) : (
          <ErrorBox thrown={usage.error} onRetry={() => void usage.refetch()} />
        )
      ) : (
        <>
          <PersonView
            page={page}
            previous={previous === null || !isAbout(before.data, id) ? undefined : before.data}
            dimmed={usage.isPlaceholderData}
          />
          {page !== undefined && <ErasePerson key={id} person={id} />}
        </>
      )}
    </Page>
  );
}

function isAbout(
  page: { readonly person: { readonly personId: string | null; readonly emails: readonly string[] } } | undefined,
  id: string,
): boolean {
  return page !== undefined && (page.person.personId === id || page.person.emails.includes(id.toLowerCase()));
}
