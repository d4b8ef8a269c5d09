import { Button } from "@mantine/core";
import { Upload } from "lucide-react";
import { useState } from "react";

import { useWanted } from "../changes/use-wanted.tsx";
import { KeyList } from "../directory/key-list.tsx";
import { OwnerList } from "../directory/owner-list.tsx";
import { useAnswer, useMe } from "../client/index.ts";
import { daysIn, useFilters } from "../filters/index.ts";
import { deferred, ErrorBox, Foot, Headline, HeadlineRow, Page, Views } from "../ui/index.ts";

const LoadOwners = deferred(async () => (await import("../directory/load-owners.tsx")).LoadOwners);

const NO_NARROWINGS = [] as const;
/** As many as are given at once. */
const MOST = 5_000;

/** Which keys there are, who stands behind each, and which are better gone. */
export function Keys() {
  const { common } = useFilters(NO_NARROWINGS);
  const { may } = useMe();
  const { isOffered, want, dialog } = useWanted();
  const [isLoading, setLoading] = useState(false);
  const question = common && { ...daysIn(common), limit: MOST };
  const keys = useAnswer("listApiKeys", question);
  const owners = useAnswer("listKeyOwners", question);

  const countOf = (...flags: readonly string[]) =>
    keys.data?.flags.filter(({ flag }) => flags.includes(flag)).reduce((sum, one) => sum + one.keys, 0);
  const { cost, tokens } = owners.data?.mapping ?? {};
  return (
    <Page
      title="API keys"
      sentence="Which keys there are, who stands behind each of them, and which are better gone."
      filters={{ narrowings: NO_NARROWINGS, population: false }}
      actions={
        may("roster") && (
          <Button
            size="xs"
            variant="default"
            leftSection={<Upload size={14} aria-hidden />}
            onClick={() => setLoading(true)}
          >
            Load owners
          </Button>
        )
      }
      foot={<Foot answers={[owners.data && { ...owners.data, source: ["claude_code", "usage_by_key", "api_keys"] }]} />}
    >
      {keys.isError && <ErrorBox thrown={keys.error} onRetry={() => void keys.refetch()} />}
      {owners.isError && !keys.isError && <ErrorBox thrown={owners.error} onRetry={() => void owners.refetch()} />}
      <HeadlineRow>
        <Headline
          label="Active keys"
          unit="count"
          value={keys.data && (keys.data.statuses.find(({ status }) => status === "active")?.keys ?? 0)}
        />
        <Headline label="Without an owner" note="active" unit="count" value={countOf("no_owner")} />
        <Headline label="Not in use" note="90 days" unit="count" value={countOf("never_used", "unused_90_days")} />
        <Headline
          label="Cost with owner"
          note="estimated"
          unit="ratio"
          value={cost?.share}
          reason="zero_denominator"
          dimmed={owners.isPlaceholderData}
        />
        <Headline
          label="Tokens with owner"
          note="API"
          unit="ratio"
          value={tokens?.share}
          reason="zero_denominator"
          dimmed={owners.isPlaceholderData}
        />
      </HeadlineRow>
      <Views
        label="Keys or owners"
        views={[
          {
            name: "keys",
            title: "Keys",
            content: () => <KeyList question={question} answer={keys} wanting={{ isOffered, want }} />,
          },
          { name: "owners", title: "Who owns what", content: () => <OwnerList answer={owners} /> },
        ]}
      />
      {dialog}
      {isLoading && <LoadOwners onClose={() => setLoading(false)} />}
    </Page>
  );
}
